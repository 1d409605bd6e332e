// Catch2, whichever of its two shapes is installed: version 2 is one header, version 3 a library.
#pragma once

#if __has_include(<catch2/catch_all.hpp>)
#include <string>

#include <catch2/catch_all.hpp>

using Catch::Approx;

// Version 3 moved the string matchers; the tests use their names of version 2.
namespace Catch {
inline auto Contains(const std::string& text) { return Matchers::ContainsSubstring(text); }
inline auto StartsWith(const std::string& text) { return Matchers::StartsWith(text); }
inline auto EndsWith(const std::string& text) { return Matchers::EndsWith(text); }
inline auto Equals(const std::string& text) { return Matchers::Equals(text); }
}  // namespace Catch
#else
#include <catch2/catch.hpp>
#endif
