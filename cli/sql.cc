#include <cstdio>
#include <iterator>
#include <string>

#include "cli/database.h"
#include "cli/exit_code.h"
#include "cli/verbs.h"

namespace tutti::cli {
namespace {

std::string ReadStandardInput() {
  std::string text;
  char buffer[4096];
  for (std::size_t n = 0; (n = std::fread(buffer, 1, sizeof buffer, stdin)) > 0;) {
    text.append(buffer, n);
  }
  return text;
}

}  // namespace

int RunSql(const Globals& globals, const std::string& sql, std::int64_t max_rows) {
  auto database = Database::Open(globals);
  if (!database) return Fail(database.error());
  const std::string statement = sql == "-" ? ReadStandardInput() : sql;
  auto table = (*database)->Query(statement, Json::MakeArray(), max_rows);
  if (!table) return Fail(table.error());
  std::fputs(Render(*table, globals.format, TerminalWidth()).c_str(), stdout);
  return kExitOk;
}

}  // namespace tutti::cli
