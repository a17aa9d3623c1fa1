#pragma once

#include "worker/process/file_descriptor.h"

namespace tutti::worker {

// The launcher: a process with one thread, forked before the worker starts any other, so that
// fork and execve are safe. It starts gangs, ends them (TERM, grace, KILL of the whole session)
// and reports their ends; see launch_message.h for what it is told and what it answers. When the
// socket closes it kills everything it started, and ends.
[[noreturn]] void RunLauncherProcess(FileDescriptor socket);

}  // namespace tutti::worker
