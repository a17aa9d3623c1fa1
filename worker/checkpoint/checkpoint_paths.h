#pragma once

#include <string>

#include "worker/checkpoint/checkpoint_directory.h"

// The places of one checkpoint below its root, used by writer and reader.

namespace tutti::checkpoint {

struct CheckpointPaths {
  std::string root;
  std::string experiment;  // ROOT/EXP
  std::string trial;       // ROOT/EXP/TRIAL
  std::string temporary;   // ROOT/EXP/TRIAL/.tmp-ATTEMPT-STEP
  std::string final_path;  // ROOT/EXP/TRIAL/ATTEMPT-step-STEP
  std::string bad;         // ROOT/EXP/TRIAL/.bad-ATTEMPT-step-STEP

  CheckpointPaths(const std::string& root_directory, const CheckpointId& id)
      : root(root_directory),
        experiment(root + "/" + std::to_string(id.experiment)),
        trial(experiment + "/" + std::to_string(id.trial)),
        temporary(trial + "/.tmp-" + std::to_string(id.attempt) + "-" + std::to_string(id.step)),
        final_path(root + "/" + id.Name()),
        bad(trial + "/.bad-" + std::to_string(id.attempt) + "-step-" + std::to_string(id.step)) {}
};

// Fsyncs a directory, so that the names in it survive a power failure.
Status SyncDirectory(FileOperations& operations, const std::string& path);

// Removes a directory of files. Ok if there is none.
Status RemoveFlatDirectory(FileOperations& operations, const std::string& path);

}  // namespace tutti::checkpoint
