#include "proto/wire/report_parts.h"

#include <algorithm>
#include <string>

#include "tutti/v1/worker.pb.h"

namespace tutti::wire {
namespace {

std::string Where(const v1::Report& report) {
  return "report " + std::to_string(report.seq()) + " of attempt " +
         std::to_string(report.attempt_id());
}

Result<std::optional<NumberedRecord>> Decode(const v1::Report& last, std::string_view frame) {
  RecordDecoder decoder;
  decoder.Feed(frame);
  NumberedRecord out;
  auto outcome = decoder.Next(out.record);
  if (!outcome) return outcome.error().Wrap(Where(last));
  if (*outcome != RecordDecoder::Outcome::kRecord || decoder.pending() != 0) {
    return DataLoss(Where(last) + ": its " + std::to_string(frame.size()) +
                    " bytes are not exactly one record");
  }
  out.attempt = AttemptId(last.attempt_id());
  out.fence = last.fence();
  out.seq = last.seq();
  return std::optional<NumberedRecord>(std::move(out));
}

}  // namespace

std::vector<v1::Report> SplitFrame(AttemptId attempt, std::int64_t fence, std::int64_t seq,
                                   std::string_view frame, std::size_t part_bytes) {
  TUTTI_CHECK(part_bytes > 0, "a part holds at least one byte");
  const std::size_t parts = std::max<std::size_t>(1, (frame.size() + part_bytes - 1) / part_bytes);
  std::vector<v1::Report> out(parts);
  for (std::size_t i = 0; i < parts; ++i) {
    out[i].set_attempt_id(attempt.value);
    out[i].set_fence(fence);
    out[i].set_seq(seq);
    out[i].set_part(static_cast<std::int32_t>(i));
    out[i].set_parts(static_cast<std::int32_t>(parts));
    out[i].set_data(std::string(frame.substr(i * part_bytes, part_bytes)));
  }
  return out;
}

Result<std::optional<NumberedRecord>> ReportAssembler::Add(const v1::Report& report) {
  if (report.parts() < 1 || report.part() < 0 || report.part() >= report.parts()) {
    return DataLoss(Where(report) + ": part " + std::to_string(report.part()) + " of " +
                    std::to_string(report.parts()) + " does not exist");
  }
  if (report.part() == 0) {
    if (const auto old = by_attempt_.find(report.attempt_id()); old != by_attempt_.end()) {
      held_bytes_ -= old->second.bytes.size();
      by_attempt_.erase(old);
    }
    if (report.parts() == 1) return Decode(report, report.data());
    by_attempt_[report.attempt_id()] = {report.fence(), report.seq(), report.parts(), 0, ""};
  }
  const auto found = by_attempt_.find(report.attempt_id());
  if (found == by_attempt_.end() || found->second.seq != report.seq() ||
      found->second.fence != report.fence() || found->second.parts != report.parts() ||
      found->second.next_part != report.part()) {
    return DataLoss(Where(report) + ": part " + std::to_string(report.part()) +
                    " does not follow the part before it");
  }
  if (held_bytes_ + report.data().size() > max_bytes_) {
    return Error(ErrorCode::kResourceExhausted,
                 Where(report) + ": unfinished reports of this session exceed " +
                     std::to_string(max_bytes_) + " bytes");
  }
  Unfinished& unfinished = found->second;
  held_bytes_ += report.data().size();
  unfinished.bytes += report.data();
  if (++unfinished.next_part < unfinished.parts) return std::optional<NumberedRecord>();
  const std::string frame = std::move(unfinished.bytes);
  held_bytes_ -= frame.size();
  by_attempt_.erase(found);
  return Decode(report, frame);
}

}  // namespace tutti::wire
