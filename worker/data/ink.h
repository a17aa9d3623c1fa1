#pragma once

#include <cstdint>

#include "experiments/core/result.h"
#include "worker/data/picture.h"
#include "worker/data/resample.h"

// What in a picture is ink.

namespace tutti {

// Ink of 0 (paper) to 1 (solid), on a grid that is `scale` times coarser than the picture's.
struct InkMap {
  Plane ink;
  double scale = 1;
  std::int64_t left = 0, top = 0;  // where the grid begins in the picture
  // From here on a value is ink for certain; below it may be noise, or the edge of a stroke.
  double weakest = 0.25;
};

// Ink is what differs from the paper in colour or brightness, whichever of them is lighter. The
// paper is a quadratic surface of each colour, fitted to what resembles the picture's border, so
// that shading and gradients count as paper. Of a picture with alpha, what is transparent is
// white, or black if what is opaque is light; if most of it is opaque, it is like the rest.
// A picture of a sheet on a darker or lighter table is cut to the sheet.
// kInvalidArgument: nothing differs by more than its noise, or the picture is smaller than 3 x 3.
Result<InkMap> FindInk(const Picture& picture);

}  // namespace tutti
