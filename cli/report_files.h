#pragma once

#include <string>

#include "dashboards/report/document.h"
#include "experiments/core/result.h"

// A report as files. Each file is written whole or not at all, with the permissions that new files
// have; nothing but a regular file is ever replaced.

namespace tutti::cli {

// kFailedPrecondition: a folder or something else that is no file stands at `path`.
Status WriteReportFile(const std::string& path, const std::string& content);

// Every chart as a PNG file in `folder`, which is made if it is missing, by rsvg-convert.
// kFailedPrecondition: rsvg-convert is not installed, or `folder` is no folder.
Status WritePngFiles(const report::Document& document, const std::string& folder);

}  // namespace tutti::cli
