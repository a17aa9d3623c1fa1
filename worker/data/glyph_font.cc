#include "worker/data/glyph_font.h"

#include <cmath>
#include <numbers>
#include <sstream>
#include <string>

#include "experiments/core/check.h"

namespace tutti {
namespace {

// One way to write a character:
//   M x y              lift the pen and put it down
//   L x y              a line
//   A cx cy rx ry a b  an arc of an ellipse from angle a to b in degrees (0 right, 90 down); a line
//                      leads to its start unless the pen was just lifted there (N)
//   N                  lift the pen
struct Outline {
  char character;
  const char* path;
};

constexpr Outline kOutlines[] = {
    {'0', "N A .5 .5 .36 .5 0 360 M .75 .2 L .25 .8"},
    {'0', "N A .5 .5 .36 .5 0 360 M .5 .44 L .5 .56"},
    {'0', "N A .5 .5 .33 .5 0 360 M .9 .02 L .1 .98"},
    {'1', "M .22 .24 L .56 0 L .56 1"},
    {'1', "M .22 .22 L .52 0 L .52 1 M .2 1 L .84 1"},
    {'1', "M .15 .4 L .6 0 L .55 1"},
    {'2', "N A .5 .29 .38 .29 190 390 L .1 1 L .9 1"},
    {'2', "N A .5 .27 .36 .27 200 410 L .3 .8 A .27 .88 .14 .11 280 20 A .6 .86 .2 .14 170 60 "
          "L .92 .9"},
    {'3', "N A .48 .26 .36 .26 205 450 A .48 .75 .4 .25 -90 155"},
    {'3', "M .12 0 L .86 0 L .46 .4 A .46 .7 .42 .3 -90 150"},
    {'4', "M .7 1 L .7 0 L .08 .68 L .94 .68"},
    {'4', "M .2 0 L .14 .56 L .9 .56 M .72 .04 L .68 1"},
    {'5', "M .86 0 L .22 0 L .18 .44 A .46 .68 .4 .32 -130 150"},
    {'5', "M .2 0 L .2 .42 L .5 .4 A .48 .7 .38 .3 -80 160 M .2 0 L .88 .02"},
    {'6', "M .74 .02 A .62 .68 .5 .66 250 180 A .5 .7 .38 .3 180 540"},
    {'6', "N A .56 .36 .42 .36 310 180 L .14 .68 A .5 .7 .36 .3 180 540"},
    {'7', "M .08 0 L .92 0 L .38 1"},
    {'7', "M .08 .02 L .9 0 L .4 1 M .3 .5 L .82 .5"},
    {'8', "N A .5 .25 .32 .25 90 450 A .5 .75 .4 .25 -90 270"},
    {'8', "M .8 .12 A .5 .24 .32 .24 -30 -200 L .82 .66 A .5 .76 .36 .24 -20 200 L .8 .12"},
    {'9', "N A .5 .3 .38 .3 0 360 A .38 .32 .5 .66 0 70"},
    {'9', "N A .48 .3 .36 .3 0 360 M .84 .1 L .84 .3 L .74 1"},
    {'A', "M .02 1 L .5 0 L .98 1 M .2 .64 L .8 .64"},
    {'A', "M .1 1 L .1 .4 A .5 .4 .4 .4 180 360 L .9 1 M .1 .6 L .9 .6"},
    {'B', "M .14 0 L .14 1 M .14 0 L .5 0 A .5 .24 .3 .24 -90 90 L .14 .48 M .5 .48 "
          "A .5 .74 .38 .26 -90 90 L .14 1"},
    {'B', "M .2 1 L .2 0 A .46 .22 .38 .22 -120 90 M .46 .44 A .44 .72 .42 .28 -90 110 L .2 .98"},
    {'C', "N A .54 .5 .46 .5 -50 -310"},
    {'C', "N A .62 .5 .54 .5 -70 -290"},
    {'D', "M .14 0 L .14 1 L .4 1 A .4 .5 .5 .5 90 -90 L .14 0"},
    {'D', "M .24 .06 L .22 .94 M .06 .02 L .36 0 A .38 .5 .54 .5 -90 90 L .06 .98"},
    {'E', "M .88 0 L .14 0 L .14 1 L .88 1 M .14 .48 L .74 .48"},
    {'E', "N A .54 .25 .38 .25 -40 -250 M .42 .48 L .66 .48 M .42 .48 A .54 .74 .42 .26 250 40"},
    {'F', "M .88 0 L .16 0 L .16 1 M .16 .46 L .74 .46"},
    {'F', "M .06 .04 L .94 0 M .3 .02 L .24 1 M .28 .5 L .7 .48"},
    {'G', "N A .52 .5 .46 .5 -50 -330 M .52 .56 L .96 .56 L .94 .98"},
    {'G', "N A .52 .5 .46 .5 -45 -355 L .54 .54"},
    {'H', "M .12 0 L .12 1 M .88 0 L .88 1 M .12 .5 L .88 .5"},
    {'H', "M .2 .02 L .12 1 M .9 0 L .82 .98 M .14 .56 L .88 .46"},
    {'I', "M .5 0 L .5 1 M .16 0 L .84 0 M .16 1 L .84 1"},
    {'I', "M .54 0 L .46 1 M .26 .02 L .84 0 M .14 1 L .76 .98"},
    {'J', "M .74 0 L .74 .66 A .42 .66 .32 .34 0 165"},
    {'J', "M .34 0 L .96 0 M .68 0 L .68 .7 A .38 .7 .3 .3 0 170"},
    {'K', "M .14 0 L .14 1 M .86 0 L .14 .58 M .38 .4 L .9 1"},
    {'K', "M .18 0 L .16 1 M .88 .04 L .2 .5 L .92 .98"},
    {'L', "M .18 0 L .18 1 L .88 1"},
    {'L', "M .3 0 L .22 .84 A .34 .86 .12 .12 170 80 L .9 .92"},
    {'M', "M .04 1 L .1 0 L .5 .66 L .9 0 L .96 1"},
    {'M', "M .08 1 L .08 0 L .5 .5 L .92 0 L .92 1"},
    {'N', "M .12 1 L .12 0 L .88 1 L .88 0"},
    {'N', "M .06 1 L .2 .02 L .74 .98 L .92 0"},
    {'O', "N A .5 .5 .48 .5 0 360"},
    {'O', "N A .5 .5 .5 .44 -80 290"},
    {'P', "M .16 1 L .16 0 L .5 0 A .5 .27 .36 .27 -90 90 L .16 .54"},
    {'P', "M .26 .04 L .2 1 M .06 .14 A .5 .3 .42 .3 215 460"},
    {'Q', "N A .5 .48 .47 .47 0 360 M .58 .66 L .98 1"},
    {'Q', "N A .5 .44 .46 .44 0 360 M .5 .78 L .62 1 L .94 .94"},
    {'R', "M .16 1 L .16 0 L .5 0 A .5 .26 .34 .26 -90 90 L .16 .52 M .46 .52 L .9 1"},
    {'R', "M .24 .04 L .2 1 M .06 .14 A .48 .28 .38 .28 215 455 L .22 .58 L .92 .98"},
    {'S', "N A .5 .26 .38 .25 -35 -270 A .5 .75 .4 .25 -90 150"},
    {'S', "M .84 .06 A .5 .25 .34 .22 -40 -230 L .78 .62 A .48 .78 .38 .22 -40 165"},
    {'T', "M .04 0 L .96 0 M .5 0 L .5 1"},
    {'T', "M .06 .06 L .94 0 M .54 .02 L .44 1"},
    {'U', "M .12 0 L .12 .62 A .5 .62 .38 .38 180 0 L .88 0"},
    {'U', "M .1 0 A .46 .6 .34 .4 180 10 M .84 0 L .82 .8 L .94 1"},
    {'V', "M .06 0 L .5 1 L .94 0"},
    {'V', "M .12 .04 L .42 1 L .98 .02"},
    {'W', "M .02 0 L .24 1 L .5 .3 L .76 1 L .98 0"},
    {'W', "M .04 0 A .27 .66 .22 .34 180 0 L .5 .3 M .5 .66 A .73 .66 .22 .34 180 0 L .96 0"},
    {'X', "M .08 0 L .92 1 M .92 0 L .08 1"},
    {'X', "M .2 .02 L .84 .98 M .94 .06 L .04 .92"},
    {'Y', "M .06 0 L .5 .5 L .94 0 M .5 .5 L .5 1"},
    {'Y', "M .1 .02 L .5 .46 M .92 0 L .3 1"},
    {'Z', "M .1 0 L .9 0 L .08 1 L .92 1"},
    {'Z', "M .1 .02 L .88 0 L .1 1 L .92 .98 M .28 .5 L .74 .5"},
};

// Rounded to 1e-4, so that the last bit of a platform's sine does not matter.
float Rounded(double value) { return static_cast<float>(std::round(value * 1e4) / 1e4); }

class Pen {
 public:
  void Lift() { down_ = false; }
  void To(double x, double y) {
    const float fx = Rounded(x);
    const float fy = Rounded(y);
    if (down_) shape_.push_back({x_, y_, fx, fy});
    x_ = fx;
    y_ = fy;
    down_ = true;
  }
  void Arc(double cx, double cy, double rx, double ry, double from, double to) {
    const int steps = static_cast<int>(std::ceil(std::abs(to - from) / 30.0));
    for (int i = 0; i <= steps; ++i) {
      const double angle = (from + (to - from) * i / steps) * std::numbers::pi / 180;
      To(cx + rx * std::cos(angle), cy + ry * std::sin(angle));
    }
  }
  GlyphShape Take() { return std::move(shape_); }

 private:
  GlyphShape shape_;
  float x_ = 0, y_ = 0;
  bool down_ = false;
};

GlyphShape Draw(const Outline& outline) {
  Pen pen;
  std::istringstream in(outline.path);
  std::string op;
  while (in >> op) {
    double x = 0, y = 0, rx = 0, ry = 0, from = 0, to = 0;
    if (op == "N") {
      pen.Lift();
    } else if (op == "A") {
      in >> x >> y >> rx >> ry >> from >> to;
      pen.Arc(x, y, rx, ry, from, to);
    } else {
      TUTTI_CHECK(op == "M" || op == "L", "unknown pen movement in the glyph font");
      in >> x >> y;
      if (op == "M") pen.Lift();
      pen.To(x, y);
    }
    TUTTI_CHECK(!in.fail(), "a number is missing in the glyph font");
  }
  return pen.Take();
}

}  // namespace

const std::vector<std::vector<GlyphShape>>& GlyphFont() {
  static const auto font = [] {
    std::vector<std::vector<GlyphShape>> shapes(36);
    for (const Outline& outline : kOutlines) {
      const char ch = outline.character;
      const int label = ch <= '9' ? ch - '0' : ch - 'A' + 10;
      shapes[static_cast<std::size_t>(label)].push_back(Draw(outline));
    }
    return shapes;
  }();
  return font;
}

}  // namespace tutti
