#include "worker/data/picture.h"

namespace tutti {

Result<Picture> DecodePicture(std::string_view, const std::string& path) {
  return FailedPrecondition("this build of the trainer cannot decode pictures: " + path +
                            "; build it without TUTTI_TRAINER_ONLY, or convert the set to IDX");
}

}  // namespace tutti
