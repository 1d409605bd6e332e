#pragma once

#include "../../core/config.hpp"

#define EIGAN_TARGET_FILE "../target/vector.inl"
#include "for_each_target.inl"
