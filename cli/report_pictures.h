#pragma once

#include "cli/verbs.h"
#include "dashboards/report/report_data.h"

// The images and activation maps of a report, from a worker that has the data.

namespace tutti::cli {

// Asks for the pictures that the page shows. What goes wrong becomes pictures.unavailable: the rest
// of a report does not need them.
void FillPictures(const Globals& globals, report::ReportData& data);

// A sheet of activation maps side by side, each stretched from its smallest to its largest value.
// maps: channels x height x width, row-major; at most `limit` are drawn.
report::ActivationLayer DrawActivations(const std::string& name, const std::string& kind,
                                        std::int64_t channels, std::int64_t height,
                                        std::int64_t width, const float* maps, std::int64_t limit);

}  // namespace tutti::cli
