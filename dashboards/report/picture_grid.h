#pragma once

#include <string>
#include <vector>

// Small pictures in rows with two lines of caption each: samples, mistakes, activation maps.

namespace tutti::report {

struct Picture {
  int width = 0, height = 0;  // pixels
  std::string png;            // bytes of the file; empty: a grey place instead of the picture
};

struct GridCell {
  Picture picture;
  std::string caption;   // first line
  std::string number;    // second line
  std::string source;    // of the second line
  std::string title;     // tooltip
  bool wrong = false;    // framed as a mistake
};

struct PictureGridSpec {
  std::string aria_label;
  std::vector<GridCell> cells;
  int columns = 6;
  double width = 440;
};

// Pictures keep their aspect and are drawn with hard pixels.
std::string PictureGrid(const PictureGridSpec& spec);

// One large picture (a sheet of activation maps).
std::string PictureSheet(const std::string& aria_label, const Picture& picture, double width = 440);

std::string Base64(std::string_view bytes);

}  // namespace tutti::report
