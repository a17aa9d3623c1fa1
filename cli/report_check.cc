#include "cli/report_check.h"

#include <algorithm>
#include <map>

#include "cli/report_data.h"
#include "cli/version.h"
#include "dashboards/report/html.h"
#include "dashboards/report/sections.h"

namespace tutti::cli {
namespace {

constexpr std::size_t kShownLines = 20;

using BySource = std::map<std::string, std::vector<const report::SourcedElement*>>;

BySource Group(const std::vector<report::SourcedElement>& elements) {
  BySource grouped;
  for (const report::SourcedElement& element : elements) {
    grouped[element.source].push_back(&element);
  }
  return grouped;
}

std::string Line(const std::string& source, const report::SourcedElement* page,
                 const report::SourcedElement* database) {
  if (page == nullptr) return source + ": not on the page; the database says " + database->Shown();
  if (database == nullptr) {
    return source + ": the page says " + page->Shown() + "; the database has no such number";
  }
  if (page->Shown() == database->Shown()) return source + ": drawn otherwise than its numbers";
  return source + ": the page says " + page->Shown() + ", the database " + database->Shown();
}

// Another version may draw the same numbers otherwise; their text is the same.
bool Same(const report::SourcedElement& a, const report::SourcedElement& b, bool drawings) {
  return drawings ? a.markup == b.markup : a.Shown() == b.Shown();
}

void Compare(const BySource& page, const BySource& database, bool drawings,
             CheckOutcome& outcome) {
  BySource all = page;
  all.insert(database.begin(), database.end());
  for (const auto& [source, unused] : all) {
    const auto shown = page.find(source);
    const auto true_ones = database.find(source);
    const std::size_t a = shown == page.end() ? 0 : shown->second.size();
    const std::size_t b = true_ones == database.end() ? 0 : true_ones->second.size();
    for (std::size_t i = 0; i < std::max(a, b); ++i) {
      const auto* mine = i < a ? shown->second[i] : nullptr;
      const auto* theirs = i < b ? true_ones->second[i] : nullptr;
      if (mine != nullptr && theirs != nullptr && Same(*mine, *theirs, drawings)) continue;
      ++outcome.differing;
      if (outcome.lines.size() < kShownLines) {
        outcome.lines.push_back(Line(source, mine, theirs));
      }
    }
  }
}

}  // namespace

Result<CheckOutcome> CheckReport(Database& database, const std::string& html) {
  TUTTI_ASSIGN_OR_RETURN(const report::PageIdentity identity, report::ReadIdentity(html));
  const std::string name =
      std::to_string(identity.experiment) +
      (identity.trial > 0 ? "." + std::to_string(identity.trial) : std::string());
  TUTTI_ASSIGN_OR_RETURN(const TargetId target, ParseTarget(database, name));
  TUTTI_ASSIGN_OR_RETURN(LoadedReport loaded,
                         LoadReport(database, target, Numbers::kRecomputed));
  const std::string again = report::ToHtml(report::MakeDocument(loaded.data));
  const auto on_page = report::SourcedElements(html);
  const auto in_database = report::SourcedElements(again);
  CheckOutcome outcome;
  outcome.unchanged = identity.unchanged;
  outcome.unverified = std::move(loaded.unverified);
  const bool drawings = identity.version == kVersion;
  if (!drawings) {
    outcome.unverified.push_back("the page was written by tutti " + identity.version +
                                 ", this is " + kVersion +
                                 ": its text is compared, what its charts draw is not");
  }
  for (const report::SourcedElement& element : on_page) outcome.numbers += element.Numbers();
  Compare(Group(on_page), Group(in_database), drawings, outcome);
  return outcome;
}

}  // namespace tutti::cli
