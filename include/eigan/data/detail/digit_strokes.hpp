#pragma once

#include <array>
#include <cstddef>
#include <initializer_list>

#include "../../core/config.hpp"

namespace eigan::inline EIGAN_ABI::data::detail {

struct Point {
  double x = 0, y = 0;
  friend constexpr bool operator==(const Point&, const Point&) = default;
};

/// One movement of the pen: a smooth curve through its points, back to the first if it is closed.
struct Stroke {
  static constexpr std::size_t most_points = 13;
  std::array<Point, most_points> points{};
  std::size_t count = 0;
  bool closed = false;
};

/// One way to write a digit, in a box of height 1 (downwards) and width `width`, in which x runs from 0 to 1.
struct Glyph {
  static constexpr std::size_t most_strokes = 3;
  int digit = 0;
  double width = 0;
  std::array<Stroke, most_strokes> strokes{};
  std::size_t count = 0;
};

constexpr Stroke curve(std::initializer_list<Point> points) {
  Stroke stroke;
  for (const Point& point : points) stroke.points[stroke.count++] = point;
  return stroke;
}
constexpr Stroke loop(std::initializer_list<Point> points) {
  Stroke stroke = curve(points);
  stroke.closed = true;
  return stroke;
}
constexpr Glyph glyph(int digit, double width, std::initializer_list<Stroke> strokes) {
  Glyph glyph;
  glyph.digit = digit;
  glyph.width = width;
  for (const Stroke& stroke : strokes) glyph.strokes[glyph.count++] = stroke;
  return glyph;
}

/// The ways in which people write digits. Strokes that meet in a corner share that point.
inline constexpr std::array glyphs{
    // a ring, round or narrow
    glyph(0, 0.72, {loop({{.55, 0}, {.16, .14}, {0, .5}, {.14, .86}, {.5, 1}, {.86, .86}, {1, .5}, {.86, .13}})}),
    glyph(0, 0.55,
          {curve({{.7, .02}, {.3, .06}, {.03, .4}, {.06, .8}, {.4, 1}, {.8, .85}, {1, .5}, {.88, .12}, {.5, .03}})}),
    // a line, with a flag, with a foot
    glyph(1, 0.3, {curve({{.55, 0}, {.5, .5}, {.48, 1}})}),
    glyph(1, 0.3, {curve({{.5, 0}, {.5, .35}, {.5, 1}})}),
    glyph(1, 0.4, {curve({{0, .24}, {.35, .13}, {.6, 0}}), curve({{.6, 0}, {.58, .5}, {.55, 1}})}),
    glyph(1, 0.5, {curve({{.1, .2}, {.52, 0}}), curve({{.52, 0}, {.5, 1}}), curve({{0, 1}, {.5, 1}, {1, .99}})}),
    // with a corner, with a curl
    glyph(2, 0.68,
          {curve({{.04, .22}, {.22, .04}, {.55, 0}, {.85, .14}, {.84, .38}, {.5, .7}, {.02, .98}}),
           curve({{.02, .98}, {.5, .95}, {1, .97}})}),
    glyph(2, 0.75,
          {curve({{.06, .24},
                  {.25, .03},
                  {.6, .01},
                  {.84, .2},
                  {.74, .48},
                  {.44, .76},
                  {.16, .96},
                  {.02, .88},
                  {.16, .76},
                  {.45, .86},
                  {.75, .99},
                  {1, .9}})}),
    // round above, or flat with a corner
    glyph(3, 0.62,
          {curve({{.05, .12}, {.4, 0}, {.82, .1}, {.82, .34}, {.34, .47}}),
           curve({{.34, .47}, {.8, .55}, {.97, .77}, {.7, .97}, {.3, 1}, {0, .88}})}),
    glyph(3, 0.62,
          {curve({{.06, .03}, {.5, .02}, {.92, .03}}), curve({{.92, .03}, {.62, .24}, {.4, .4}}),
           curve({{.4, .4}, {.8, .48}, {.98, .72}, {.7, .96}, {.3, 1}, {0, .9}})}),
    // open above, or closed
    glyph(4, 0.68,
          {curve({{.12, 0}, {.06, .28}, {.04, .54}}), curve({{.04, .54}, {.4, .56}, {1, .5}}),
           curve({{.82, .02}, {.76, .5}, {.7, 1}})}),
    glyph(4, 0.7,
          {curve({{.2, .04}, {.06, .3}, {.12, .5}, {.45, .52}, {.8, .4}}), curve({{.88, 0}, {.8, .4}}),
           curve({{.8, .4}, {.74, .7}, {.7, 1}})}),
    glyph(4, 0.72,
          {curve({{.72, 0}, {.36, .34}, {0, .66}}), curve({{0, .66}, {.5, .65}, {1, .64}}),
           curve({{.72, 0}, {.71, .5}, {.7, 1}})}),
    // with a bar, or in one sweep
    glyph(5, 0.64,
          {curve({{1, .02}, {.6, .02}, {.26, .03}}), curve({{.26, .03}, {.2, .22}, {.14, .44}}),
           curve({{.14, .44}, {.5, .37}, {.88, .5}, {.93, .76}, {.6, .98}, {.25, 1}, {0, .9}})}),
    glyph(5, 0.7,
          {curve({{1, 0}, {.62, .05}, {.32, .08}}),
           curve({{.32, .08}, {.22, .28}, {.3, .42}, {.66, .5}, {.86, .7}, {.66, .93}, {.3, 1}, {0, .93}})}),
    // straight, or bent
    glyph(6, 0.6,
          {curve({{.72, 0},
                  {.34, .24},
                  {.06, .6},
                  {.14, .9},
                  {.5, 1},
                  {.88, .88},
                  {.9, .64},
                  {.56, .52},
                  {.2, .62},
                  {.08, .78}})}),
    glyph(6, 0.66,
          {curve({{.9, .04},
                  {.55, .04},
                  {.2, .28},
                  {.03, .62},
                  {.16, .92},
                  {.52, 1},
                  {.88, .88},
                  {.94, .66},
                  {.66, .52},
                  {.3, .58},
                  {.1, .76}})}),
    // plain, with a serif, with a bar
    glyph(7, 0.62, {curve({{0, .06}, {.5, .05}, {.95, .03}}), curve({{.95, .03}, {.66, .44}, {.42, 1}})}),
    glyph(7, 0.66,
          {curve({{.02, .2}, {.05, .05}}), curve({{.05, .05}, {.5, .04}, {1, .02}}),
           curve({{1, .02}, {.7, .4}, {.5, 1}})}),
    glyph(7, 0.66,
          {curve({{0, .05}, {.5, .05}, {.98, .02}}), curve({{.98, .02}, {.66, .46}, {.38, 1}}),
           curve({{.26, .5}, {.6, .49}, {.94, .47}})}),
    // in one movement, or two rings
    glyph(8, 0.6,
          {loop({{.86, .12},
                 {.5, 0},
                 {.16, .13},
                 {.2, .33},
                 {.52, .48},
                 {.82, .64},
                 {.86, .86},
                 {.48, 1},
                 {.1, .86},
                 {.16, .64},
                 {.5, .48},
                 {.82, .33}})}),
    glyph(8, 0.6,
          {loop({{.5, 0}, {.18, .08}, {.16, .34}, {.5, .46}, {.82, .34}, {.82, .1}}),
           loop({{.5, .46}, {.12, .58}, {.06, .84}, {.5, 1}, {.92, .84}, {.88, .58}})}),
    // straight, or bent
    glyph(9, 0.6,
          {curve({{.88, .1}, {.52, 0}, {.14, .1}, {.06, .34}, {.36, .5}, {.72, .38}, {.88, .1}}),
           curve({{.88, .1}, {.84, .5}, {.72, 1}})}),
    glyph(9, 0.64,
          {curve({{.86, .08}, {.5, 0}, {.14, .12}, {.08, .36}, {.4, .5}, {.74, .38}, {.86, .08}}),
           curve({{.86, .08}, {.92, .45}, {.82, .82}, {.5, 1}, {.14, .93}})}),
};

}  // namespace eigan::inline EIGAN_ABI::data::detail
