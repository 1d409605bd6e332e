#pragma once

#include "modes.hpp"
