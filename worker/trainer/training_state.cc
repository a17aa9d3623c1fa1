#include "worker/trainer/training_state.h"

#include <ATen/TensorOperators.h>
#include <ATen/ops/empty.h>

#include <utility>
#include <vector>

#include "worker/trainer/checkpoint_tensors.h"

namespace tutti::trainer {
namespace {

// Only with an average: model.safetensors holds that then, and this the weights that are trained.
constexpr char kTrainedFile[] = "trained.safetensors";
constexpr char kOptimizerFile[] = "optimizer.safetensors";
// Only in the middle of an accumulation group.
constexpr char kGradientsFile[] = "gradients.safetensors";
constexpr char kGradientsTensor[] = "accumulated";

template <class List>
Json ListToJson(const List& values) {
  Json list = Json::MakeArray();
  for (const auto& value : values) list.Append(value);
  return list;
}

}  // namespace

Json TrainingState::ToJson() const {
  Json json = Json::MakeObject({{"epoch", epoch},
                                {"step_in_epoch", step_in_epoch},
                                {"step", step},
                                {"loss_sum", loss_sum},
                                {"correct", correct},
                                {"count", count},
                                {"batch_size", batch_size},
                                {"best_epoch", best_epoch},
                                {"best_step", best_step},
                                {"best_checkpoint", best_checkpoint},
                                {"best_sha256", best_sha256}});
  json.Set("best_value", best_value ? Json(*best_value) : Json());
  json.Set("plateau", plateau.ToJson());
  json.Set("early_stopping", early_stopping.ToJson());
  return json;
}

Result<TrainingState> TrainingState::FromJson(const Json& json) {
  TrainingState state;
  TUTTI_ASSIGN_OR_RETURN(state.epoch, json.GetInt("epoch"));
  TUTTI_ASSIGN_OR_RETURN(state.step_in_epoch, json.GetInt("step_in_epoch"));
  TUTTI_ASSIGN_OR_RETURN(state.step, json.GetInt("step"));
  TUTTI_ASSIGN_OR_RETURN(state.loss_sum, json.GetDouble("loss_sum"));
  TUTTI_ASSIGN_OR_RETURN(state.correct, json.GetDouble("correct"));
  TUTTI_ASSIGN_OR_RETURN(state.count, json.GetDouble("count"));
  TUTTI_ASSIGN_OR_RETURN(state.best_epoch, json.GetInt("best_epoch"));
  TUTTI_ASSIGN_OR_RETURN(state.best_step, json.GetInt("best_step"));
  TUTTI_ASSIGN_OR_RETURN(state.best_checkpoint, json.GetString("best_checkpoint"));
  TUTTI_ASSIGN_OR_RETURN(state.best_sha256, json.GetString("best_sha256"));
  if (const Json* best = json.Find("best_value"); best != nullptr && !best->is_null()) {
    TUTTI_ASSIGN_OR_RETURN(state.best_value, json.GetDouble("best_value"));
  }
  // Checkpoints of earlier versions have none of these.
  if (json.Find("batch_size") != nullptr) {
    TUTTI_ASSIGN_OR_RETURN(state.batch_size, json.GetInt("batch_size"));
  }
  if (const Json* plateau = json.Find("plateau"); plateau != nullptr) {
    TUTTI_ASSIGN_OR_RETURN(state.plateau, PlateauState::FromJson(*plateau));
  }
  if (const Json* early = json.Find("early_stopping"); early != nullptr) {
    TUTTI_ASSIGN_OR_RETURN(state.early_stopping, EarlyStopping::FromJson(*early));
  }
  if (state.epoch < 1 || state.step_in_epoch < 0 || state.step < 0) {
    return DataLoss("the training position of the checkpoint is negative");
  }
  return state;
}

Result<checkpoint::Committed> SaveCheckpoint(const std::string& root,
                                             const checkpoint::CheckpointId& id, int world_size,
                                             const Trained& trained, const TrainingState& state,
                                             std::int64_t time) {
  checkpoint::CheckpointWriter writer(root, id);
  ParameterStore& store = trained.network->store();
  checkpoint::Manifest manifest;
  const auto add = [&](const char* file, const NamedTensors& tensors) -> Status {
    TUTTI_ASSIGN_OR_RETURN(auto entry, WriteTensors(writer, file, tensors));
    manifest.files.push_back(std::move(entry));
    return Ok{};
  };
  const auto write = [&]() -> Result<checkpoint::Committed> {
    TUTTI_RETURN_IF_ERROR(writer.Open());
    manifest.attempt = id.attempt;
    manifest.step = id.step;
    manifest.epoch = time;
    manifest.world_size = world_size;
    manifest.parts = {"weights", "optimizer", "schedule", "sampler"};
    manifest.state = state.ToJson();
    // What the weights are for, so that they can be used without the data they were trained on.
    manifest.state.Set("input", ListToJson(trained.network->graph().input));
    manifest.state.Set("class_names", ListToJson(trained.class_names));
    if (trained.average != nullptr) {
      trained.average->Exchange();
      const Status written = add(kModelFile, ModelTensors(store));
      trained.average->Exchange();
      TUTTI_RETURN_IF_ERROR(written);
      TUTTI_RETURN_IF_ERROR(add(kTrainedFile, ModelTensors(store)));
    } else {
      TUTTI_RETURN_IF_ERROR(add(kModelFile, ModelTensors(store)));
    }
    TUTTI_RETURN_IF_ERROR(add(kOptimizerFile, trained.optimizer->State()));
    if (trained.accumulated.defined()) {
      TUTTI_RETURN_IF_ERROR(add(kGradientsFile, {{kGradientsTensor, trained.accumulated}}));
    }
    return writer.Commit(manifest);
  };
  auto committed = write();
  if (!committed) {
    writer.Abandon();
    return committed.error().Wrap("cannot save checkpoint " + id.Name());
  }
  return committed;
}

Result<TrainingState> LoadTraining(const std::string& root, const std::string& name,
                                   const std::string& sha256, Trained& trained) {
  TUTTI_ASSIGN_OR_RETURN(const auto loaded, OpenCheckpoint(root, name, sha256));
  const Json* classes = loaded.manifest.state.Find("class_names");
  if (classes != nullptr && !trained.class_names.empty() &&
      !(*classes == ListToJson(trained.class_names))) {
    return DataLoss("checkpoint " + name + " is of a network for " +
                    std::to_string(classes->size()) + " classes, " + classes->Dump() +
                    ", not for the " + std::to_string(trained.class_names.size()) +
                    " of this trial's data set");
  }
  ParameterStore& store = trained.network->store();
  const auto read = [&](const char* file, NamedTensors tensors) -> Status {
    TUTTI_ASSIGN_OR_RETURN(const std::string* bytes, FileOf(loaded, file));
    return ReadTensors(*bytes, file, std::move(tensors));
  };
  TUTTI_RETURN_IF_ERROR(read(kModelFile, ModelTensors(store)));
  if (trained.average != nullptr) {
    trained.average->Exchange();
    TUTTI_RETURN_IF_ERROR(read(kTrainedFile, ModelTensors(store)));
  }
  TUTTI_RETURN_IF_ERROR(read(kOptimizerFile, trained.optimizer->State()));
  trained.optimizer->Restored();
  trained.accumulated = at::Tensor();
  if (loaded.files.contains(kGradientsFile)) {
    const auto type = at::TensorOptions().dtype(store.master_type());
    trained.accumulated = at::empty({loaded.manifest.world_size, store.flat_size()}, type);
    TUTTI_RETURN_IF_ERROR(read(kGradientsFile, {{kGradientsTensor, trained.accumulated}}));
  }
  store.RefreshCompute();
  TUTTI_ASSIGN_OR_RETURN(TrainingState state, TrainingState::FromJson(loaded.manifest.state));
  state.newest_checkpoint = name;
  return state;
}

Status LoadWeights(const std::string& root, const std::string& name, const std::string& sha256,
                   Network& network) {
  TUTTI_ASSIGN_OR_RETURN(const auto loaded, OpenCheckpoint(root, name, sha256));
  TUTTI_ASSIGN_OR_RETURN(const std::string* model, FileOf(loaded, kModelFile));
  TUTTI_RETURN_IF_ERROR(ReadTensors(*model, kModelFile, ModelTensors(network.store())));
  network.store().RefreshCompute();
  return Ok{};
}

Result<std::string> EncodeGradients(Network& network) {
  NamedTensors gradients;
  for (const Parameter& p : network.store().parameters()) {
    gradients.emplace_back(p.name, p.gradient);
  }
  return EncodeTensors(gradients);
}

}  // namespace tutti::trainer
