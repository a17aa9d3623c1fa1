#pragma once

#include "worker/data/resample.h"

namespace tutti {

// For each pixel the Euclidean distance to the nearest pixel that is over 0.5, in pixels (0 on such
// a pixel); exact, in linear time (Felzenszwalb and Huttenlocher, "Distance Transforms of Sampled
// Functions", 2012). Without any such pixel all distances are 1e9.
Plane DistanceTo(const Plane& marked);

}  // namespace tutti
