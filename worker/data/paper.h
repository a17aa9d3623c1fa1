#pragma once

#include <vector>

#include "worker/data/resample.h"

namespace tutti {

// Fits a quadratic surface to the paper in each plane (the colours of one picture, 0 … 255, of the
// same size) and subtracts it. Paper is what lies near the surface that begins as the median of the
// picture's border. Returns the paper's noise: the standard deviation of what remains of it, at
// least that of rounding, estimated from the median deviation of all colours.
// REQUIRES: at least one plane, each at least 3 x 3.
double SubtractPaper(std::vector<Plane>& planes);

}  // namespace tutti
