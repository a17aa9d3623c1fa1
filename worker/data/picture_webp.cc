#include <webp/decode.h>

#include "worker/data/picture_formats.h"

namespace tutti {

Result<Picture> DecodeWebp(std::string_view bytes) {
  const auto* data = reinterpret_cast<const std::uint8_t*>(bytes.data());
  WebPBitstreamFeatures features;
  const VP8StatusCode status = WebPGetFeatures(data, bytes.size(), &features);
  if (status == VP8_STATUS_NOT_ENOUGH_DATA) {
    return InvalidArgument("truncated: the WebP has only " + std::to_string(bytes.size()) +
                           " bytes");
  }
  if (status != VP8_STATUS_OK) {
    return InvalidArgument("damaged WebP (decoder's status " + std::to_string(status) + ")");
  }
  if (features.has_animation != 0) {
    return InvalidArgument("an animated WebP; save one of its frames as PNG");
  }
  TUTTI_RETURN_IF_ERROR(CheckPictureSize(features.width, features.height));
  Picture picture{features.width, features.height, features.has_alpha != 0 ? 4 : 3, {}};
  const auto stride = static_cast<std::size_t>(picture.width * picture.channels);
  picture.pixels.resize(stride * static_cast<std::size_t>(picture.height));
  const auto decode = features.has_alpha != 0 ? &WebPDecodeRGBAInto : &WebPDecodeRGBInto;
  if (decode(data, bytes.size(), picture.pixels.data(), picture.pixels.size(),
             static_cast<int>(stride)) == nullptr) {
    return InvalidArgument("damaged or truncated WebP of " + std::to_string(bytes.size()) +
                           " bytes");
  }
  return picture;
}

}  // namespace tutti
