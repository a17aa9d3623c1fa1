#pragma once

#include <string>

namespace tutti::report {

// Reads XML 1.0 strictly enough to find what a generator gets wrong: elements that do not nest,
// attributes without quotes or twice, bare '&' and '<', entities that are not XML's own, control
// characters. "" if the text is one well-formed element, else what is wrong and where.
std::string WhatIsNotWellFormed(const std::string& xml);

}  // namespace tutti::report
