#pragma once

/// The one place where eigan's version is written; CMake reads it from here.
#define EIGAN_VERSION_MAJOR 0
#define EIGAN_VERSION_MINOR 1
#define EIGAN_VERSION_PATCH 0
#define EIGAN_VERSION "0.1.0"
