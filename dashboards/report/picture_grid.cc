#include "dashboards/report/picture_grid.h"

#include <algorithm>
#include <cstdint>

#include "dashboards/report/chart_frame.h"
#include "dashboards/report/text.h"

namespace tutti::report {
namespace {

constexpr double kGap = 10;
constexpr double kCaption = 34;

void DrawPicture(XmlWriter& svg, const Picture& picture, double x, double y, double width,
                 double height, const std::string& frame, const std::string& title) {
  if (picture.png.empty()) {
    svg.Titled("rect", {{"class", "plate " + frame}, {"x", Coordinate(x)}, {"y", Coordinate(y)},
                        {"width", Coordinate(width)}, {"height", Coordinate(height)}}, title);
    return;
  }
  svg.Leaf("image", {{"x", Coordinate(x)}, {"y", Coordinate(y)}, {"width", Coordinate(width)},
                     {"height", Coordinate(height)}, {"image-rendering", "pixelated"},
                     {"href", "data:image/png;base64," + Base64(picture.png)}});
  svg.Titled("rect", {{"class", "frame " + frame}, {"x", Coordinate(x)}, {"y", Coordinate(y)},
                      {"width", Coordinate(width)}, {"height", Coordinate(height)}}, title);
}

}  // namespace

std::string Base64(std::string_view bytes) {
  constexpr char kDigits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string out;
  out.reserve((bytes.size() + 2) / 3 * 4);
  for (std::size_t i = 0; i < bytes.size(); i += 3) {
    std::uint32_t word = 0;
    const std::size_t n = std::min<std::size_t>(3, bytes.size() - i);
    for (std::size_t k = 0; k < 3; ++k) {
      word = word << 8 | (k < n ? static_cast<unsigned char>(bytes[i + k]) : 0u);
    }
    for (std::size_t k = 0; k < 4; ++k) {
      out += k <= n ? kDigits[word >> (18 - 6 * k) & 63u] : '=';
    }
  }
  return out;
}

std::string PictureGrid(const PictureGridSpec& spec) {
  const auto columns = static_cast<std::size_t>(std::max(spec.columns, 1));
  const double side =
      (spec.width - kGap * static_cast<double>(columns + 1)) / static_cast<double>(columns);
  const std::size_t rows = std::max<std::size_t>((spec.cells.size() + columns - 1) / columns, 1);
  XmlWriter svg;
  OpenSvg(svg, spec.width, static_cast<double>(rows) * (side + kCaption + kGap) + kGap,
          spec.aria_label);
  for (std::size_t i = 0; i < spec.cells.size(); ++i) {
    const GridCell& cell = spec.cells[i];
    const double x = kGap + static_cast<double>(i % columns) * (side + kGap);
    const double y = kGap + static_cast<double>(i / columns) * (side + kCaption + kGap);
    const int longer = std::max({cell.picture.width, cell.picture.height, 1});
    const bool known = cell.picture.width > 0 && cell.picture.height > 0;
    const double w = known ? side * cell.picture.width / longer : side;
    const double h = known ? side * cell.picture.height / longer : side;
    DrawPicture(svg, cell.picture, x + (side - w) / 2, y + (side - h) / 2, w, h,
                cell.wrong ? "bad" : "", cell.title);
    const std::string middle = Coordinate(x + side / 2);
    svg.Leaf("text", {{"class", "l"}, {"text-anchor", "middle"}, {"x", middle},
                      {"y", Coordinate(y + side + 14)}},
             Shorten(cell.caption, static_cast<std::size_t>(std::max(side / 6.0, 4.0))));
    svg.Leaf("text", {{"class", "t"}, {"data-q", cell.source}, {"text-anchor", "middle"},
                      {"x", middle}, {"y", Coordinate(y + side + 28)}}, cell.number);
  }
  svg.Close();
  return svg.Take();
}

std::string PictureSheet(const std::string& aria_label, const Picture& picture, double width) {
  const double height =
      picture.width > 0 ? width * picture.height / picture.width : width / 4;
  XmlWriter svg;
  OpenSvg(svg, width, height, aria_label);
  DrawPicture(svg, picture, 0, 0, width, height, "", "");
  svg.Close();
  return svg.Take();
}

}  // namespace tutti::report
