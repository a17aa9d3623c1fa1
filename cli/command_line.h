#pragma once

namespace tutti::cli {

// Parses the command line and runs the verb. Returns the exit code.
int Main(int argc, char** argv);

}  // namespace tutti::cli
