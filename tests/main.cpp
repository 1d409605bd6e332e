// The main function of the tests under Catch2 2, which is a header; version 3 brings its own.
#define CATCH_CONFIG_MAIN
#include <catch2/catch.hpp>
