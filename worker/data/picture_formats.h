#pragma once

#include <string>
#include <string_view>

#include "experiments/core/result.h"
#include "worker/data/picture.h"

// The parts of DecodePicture, one format or check each. Errors are kInvalidArgument; their text is
// the reason alone, since DecodePicture names the file.

namespace tutti {

// kInvalidArgument if width x height is not positive or over kMaxPicturePixels.
Status CheckPictureSize(std::int64_t width, std::int64_t height);

Result<Picture> DecodeWebp(std::string_view bytes);
Result<Picture> DecodeTiff(std::string_view bytes);

// EXIF's orientation of a JPEG, 1 … 8 (Exif 2.3, tag 0x0112); 1, as stored, if it says nothing.
int JpegOrientation(std::string_view bytes);
// Turns and mirrors a picture that was stored with an orientation so that it is upright.
void ApplyOrientation(int orientation, Picture& picture);

}  // namespace tutti
