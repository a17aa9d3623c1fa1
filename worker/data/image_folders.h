#pragma once

#include <string>

#include "experiments/core/json.h"
#include "experiments/core/result.h"
#include "worker/data/dataset.h"

// Data sets that are folders of pictures, one folder a class.

namespace tutti {

// data.options of `images`:
//   train, test  folders, below `root` or absolute; one may be absent. The names of the folders in
//                them, sorted by bytes, are the classes (of train; test may lack some of them, and
//                must not have others). Pictures lie in them or deeper, and are taken in the order of
//                their paths: the item is the position in that order over all classes.
//   size         [h, w] to which every picture is brought, anti-aliased, without keeping the aspect
//                (as torchvision's Resize); default [28, 28]
//   channels     1 (grey, the default) or 3 (RGB)
//   invert       255 - value; for dark ink on light paper. What is transparent becomes 0.
// Files whose names end otherwise than a picture's (PictureEndings) are passed over.
// Errors: kNotFound without the folder; kDataLoss without classes or without pictures, and for
// pictures that cannot be decoded: all of them are named, the first ten by what is wrong.
Result<Dataset> LoadImageFolders(const Json& options, const std::string& root);

}  // namespace tutti
