#include <algorithm>
#include <limits>
#include <string>

#include "experiments/metrics/evaluation.h"

// The record form: one object, curves as columns. Doubles keep every bit (json.h), absent values
// are null.

namespace tutti {
namespace {

Json OptionalJson(const std::optional<double>& value) { return value ? Json(*value) : Json(); }

Json CurveJson(const Curve& curve) {
  Json::Array x;
  Json::Array y;
  Json::Array threshold;
  for (const CurvePoint& point : curve.points) {
    x.emplace_back(point.x);
    y.emplace_back(point.y);
    threshold.emplace_back(point.threshold);
  }
  return Json::MakeObject({{"class", curve.class_index},
                           {"x", Json(std::move(x))},
                           {"y", Json(std::move(y))},
                           {"threshold", Json(std::move(threshold))}});
}

Json CurvesJson(const std::vector<Curve>& curves) {
  Json list = Json::MakeArray();
  for (const Curve& curve : curves) list.Append(CurveJson(curve));
  return list;
}

bool IsNumber(const Json& value) {
  if (!value.is_string()) return value.is_number();
  const std::string& text = value.AsString();
  return text == "NaN" || text == "Infinity" || text == "-Infinity";
}

Result<std::optional<double>> ReadOptional(const Json& json, std::string_view key) {
  const Json* value = json.Find(key);
  if (value != nullptr && value->is_null()) return std::optional<double>();
  TUTTI_ASSIGN_OR_RETURN(const double number, json.GetDouble(key));
  return std::optional<double>(number);
}

Result<const Json::Array*> ReadList(const Json& json, std::string_view key) {
  const Json* value = json.Find(key);
  if (value == nullptr || !value->is_array()) {
    return InvalidArgument("'" + std::string(key) + "' must be a list");
  }
  return &value->AsArray();
}

Result<Curve> ReadCurve(const Json& json) {
  Curve curve;
  TUTTI_ASSIGN_OR_RETURN(curve.class_index, json.GetInt("class"));
  TUTTI_ASSIGN_OR_RETURN(const Json::Array* x, ReadList(json, "x"));
  TUTTI_ASSIGN_OR_RETURN(const Json::Array* y, ReadList(json, "y"));
  TUTTI_ASSIGN_OR_RETURN(const Json::Array* threshold, ReadList(json, "threshold"));
  if (x->size() != y->size() || x->size() != threshold->size()) {
    return InvalidArgument("a curve's columns have " + std::to_string(x->size()) + ", " +
                           std::to_string(y->size()) + " and " +
                           std::to_string(threshold->size()) + " values, must be equal");
  }
  for (std::size_t i = 0; i < x->size(); ++i) {
    if (!IsNumber((*x)[i]) || !IsNumber((*y)[i]) || !IsNumber((*threshold)[i])) {
      return InvalidArgument("point " + std::to_string(i) + " of a curve is not three numbers");
    }
    curve.points.push_back(
        {(*x)[i].AsDouble(), (*y)[i].AsDouble(), (*threshold)[i].AsDouble()});
  }
  return curve;
}

Result<std::vector<Curve>> ReadCurves(const Json& json, std::string_view key) {
  TUTTI_ASSIGN_OR_RETURN(const Json::Array* list, ReadList(json, key));
  std::vector<Curve> curves;
  for (const Json& item : *list) {
    TUTTI_ASSIGN_OR_RETURN(Curve curve, ReadCurve(item));
    curves.push_back(std::move(curve));
  }
  return curves;
}

Result<ClassMetrics> ReadClass(const Json& json) {
  ClassMetrics metrics;
  TUTTI_ASSIGN_OR_RETURN(metrics.class_index, json.GetInt("class"));
  TUTTI_ASSIGN_OR_RETURN(metrics.support, json.GetInt("support"));
  TUTTI_ASSIGN_OR_RETURN(metrics.precision, json.GetDouble("precision"));
  TUTTI_ASSIGN_OR_RETURN(metrics.recall, json.GetDouble("recall"));
  TUTTI_ASSIGN_OR_RETURN(metrics.f1, json.GetDouble("f1"));
  TUTTI_ASSIGN_OR_RETURN(metrics.auc, ReadOptional(json, "auc"));
  TUTTI_ASSIGN_OR_RETURN(metrics.average_precision, ReadOptional(json, "ap"));
  return metrics;
}

Status ReadScalars(const Json& json, EvaluationMetrics& m) {
  TUTTI_ASSIGN_OR_RETURN(m.n, json.GetInt("n"));
  TUTTI_ASSIGN_OR_RETURN(m.classes, json.GetInt("classes"));
  const Json* labelled = json.Find("labelled");
  if (labelled != nullptr && labelled->is_bool() && !labelled->AsBool()) {
    m.labelled = false;
    m.accuracy = m.loss = m.macro_precision = m.macro_recall = m.macro_f1 = m.ece = m.brier =
        std::numeric_limits<double>::quiet_NaN();
    return Ok{};
  }
  TUTTI_ASSIGN_OR_RETURN(m.accuracy, json.GetDouble("accuracy"));
  TUTTI_ASSIGN_OR_RETURN(m.loss, json.GetDouble("loss"));
  TUTTI_ASSIGN_OR_RETURN(m.macro_auc, ReadOptional(json, "macro_auc"));
  TUTTI_ASSIGN_OR_RETURN(m.micro_auc, ReadOptional(json, "micro_auc"));
  TUTTI_ASSIGN_OR_RETURN(m.macro_ap, ReadOptional(json, "macro_ap"));
  TUTTI_ASSIGN_OR_RETURN(m.micro_ap, ReadOptional(json, "micro_ap"));
  TUTTI_ASSIGN_OR_RETURN(m.macro_precision, json.GetDouble("macro_precision"));
  TUTTI_ASSIGN_OR_RETURN(m.macro_recall, json.GetDouble("macro_recall"));
  TUTTI_ASSIGN_OR_RETURN(m.macro_f1, json.GetDouble("macro_f1"));
  TUTTI_ASSIGN_OR_RETURN(m.ece, json.GetDouble("ece"));
  TUTTI_ASSIGN_OR_RETURN(m.brier, json.GetDouble("brier"));
  return Ok{};
}

Status ReadLists(const Json& json, EvaluationMetrics& m) {
  if (!m.labelled) return Ok{};
  TUTTI_ASSIGN_OR_RETURN(const Json::Array* classes, ReadList(json, "per_class"));
  TUTTI_ASSIGN_OR_RETURN(const Json::Array* confusion, ReadList(json, "confusion"));
  const auto width = static_cast<std::size_t>(std::max<std::int64_t>(m.classes, 0));
  if (classes->size() != width || confusion->size() != width * width) {
    return InvalidArgument(std::to_string(m.classes) + " classes, but " +
                           std::to_string(classes->size()) + " rows per class and a confusion "
                           "matrix of " + std::to_string(confusion->size()) + " cells");
  }
  for (const Json& item : *classes) {
    TUTTI_ASSIGN_OR_RETURN(const ClassMetrics metrics, ReadClass(item));
    m.per_class.push_back(metrics);
  }
  for (const Json& cell : *confusion) {
    if (!cell.is_int()) return InvalidArgument("the confusion matrix holds " + cell.Dump());
    m.confusion.push_back(cell.AsInt());
  }
  TUTTI_ASSIGN_OR_RETURN(m.roc, ReadCurves(json, "roc"));
  TUTTI_ASSIGN_OR_RETURN(m.pr, ReadCurves(json, "pr"));
  return Ok{};
}

}  // namespace

Json ToJson(const EvaluationMetrics& m) {
  if (!m.labelled) {
    return Json::MakeObject({{"n", m.n}, {"classes", m.classes}, {"labelled", false}});
  }
  Json classes = Json::MakeArray();
  for (const ClassMetrics& c : m.per_class) {
    classes.Append(Json::MakeObject({{"class", c.class_index},
                                     {"precision", c.precision},
                                     {"recall", c.recall},
                                     {"f1", c.f1},
                                     {"support", c.support},
                                     {"auc", OptionalJson(c.auc)},
                                     {"ap", OptionalJson(c.average_precision)}}));
  }
  Json confusion = Json::MakeArray();
  for (const std::int64_t cell : m.confusion) confusion.Append(cell);
  return Json::MakeObject({{"n", m.n},
                           {"classes", m.classes},
                           {"accuracy", m.accuracy},
                           {"loss", m.loss},
                           {"macro_auc", OptionalJson(m.macro_auc)},
                           {"micro_auc", OptionalJson(m.micro_auc)},
                           {"macro_ap", OptionalJson(m.macro_ap)},
                           {"micro_ap", OptionalJson(m.micro_ap)},
                           {"macro_precision", m.macro_precision},
                           {"macro_recall", m.macro_recall},
                           {"macro_f1", m.macro_f1},
                           {"ece", m.ece},
                           {"brier", m.brier},
                           {"per_class", std::move(classes)},
                           {"confusion", std::move(confusion)},
                           {"roc", CurvesJson(m.roc)},
                           {"pr", CurvesJson(m.pr)}});
}

Result<EvaluationMetrics> EvaluationMetricsFromJson(const Json& json) {
  EvaluationMetrics m;
  for (const auto& read : {ReadScalars, ReadLists}) {
    if (auto status = read(json, m); !status) {
      return status.error().Wrap("metrics of an evaluation");
    }
  }
  return m;
}

}  // namespace tutti
