// Goal: what callers of spec rely on besides the diagnostics of the corpus: overrides, where values
// come from, several documents, sampled values, the second check, schema and explanations.
// Method: short documents in the test; for schema and explanations every row of the field table.

#include "experiments/spec/spec.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "experiments/spec/field_table.h"

namespace tutti::spec {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

constexpr std::string_view kMinimal =
    "name: x\n"
    "data: {dataset: mnist}\n"
    "model: {preset: mnist_cnn}\n"
    "training: {epochs: 2}\n";

ParseOutcome Parse(std::string_view text, const std::vector<std::string>& sets = {}) {
  ParseOptions options;
  options.file_name = "a.yaml";
  options.base_dir = "/home/me/experiments";
  options.override_base_dir = "/work/here";
  for (const std::string& set : sets) options.overrides.push_back(ParseOverride(set).value());
  return ParseExperiments(text, options);
}

std::vector<std::string> Formatted(const ParseOutcome& outcome) {
  std::vector<std::string> lines;
  for (const Diagnostic& diagnostic : outcome.diagnostics) {
    lines.push_back(FormatDiagnostic(diagnostic));
  }
  return lines;
}

Json Canonical(std::string_view text, const std::vector<std::string>& sets = {}) {
  ParseOutcome outcome = Parse(text, sets);
  EXPECT_TRUE(outcome.ok) << ::testing::PrintToString(Formatted(outcome));
  return outcome.ok ? std::move(outcome.experiments[0].canonical) : Json();
}

TEST(Diagnostic, ShowsTheLineAndACaret) {
  EXPECT_THAT(Formatted(Parse("name: x\ndata: {dataset: mnist}\nmodel: {preset: mnist_cnn}\n"
                              "training:\n\n  epochs: 2\n  optimzer: {name: adam}\n")),
              ElementsAre("a.yaml:7:3: error: unknown field 'optimzer' in 'training'; did you mean "
                          "'optimizer'?\n"
                          "    optimzer: {name: adam}\n"
                          "    ^"));
}

TEST(Diagnostic, PutsTheCaretBelowCharactersNotBytes) {
  const Diagnostic diagnostic{Severity::kWarning, "f", 1, 4, "", "m", "äöüx"};
  EXPECT_EQ(FormatDiagnostic(diagnostic), "f:1:4: warning: m\n  äöüx\n     ^");
}

TEST(Override, ReplacesMergesAndResets) {
  struct Case {
    std::string set;
    std::string path;
    Json expected;
  };
  const std::vector<Case> cases{
      {"training.epochs=7", "training.epochs", 7},
      {"training.optimizer.lr=3e-2", "training.optimizer.lr", 0.03},
      {"training.optimizer={name: sgd}", "training.optimizer.name", "sgd"},
      {"data={subset: 600}", "data.dataset", "mnist"},  // merged: the set stays
      {"labels=[b]", "labels", Json::MakeArray({"b"})},
      {"training.batch_size=null", "training.batch_size", 128},
      {"description=a: b", "description", Json()},  // a map, refused below
      {"name='12'", "name", "12"},
  };
  for (const Case& c : cases) {
    SCOPED_TRACE(c.set);
    const ParseOutcome outcome =
        Parse(std::string(kMinimal) + "labels: [a]\n", {c.set});
    if (c.expected.is_null()) {
      EXPECT_THAT(Formatted(outcome), ElementsAre("--set description=a: b: error: description is "
                                                  "{\"a\":\"b\"}, expected a string"));
      continue;
    }
    ASSERT_TRUE(outcome.ok);
    EXPECT_EQ(*outcome.experiments[0].canonical.FindPath(c.path), c.expected);
  }
}

TEST(Override, ErrorsNameTheOptionNotTheFile) {
  EXPECT_THAT(Formatted(Parse(kMinimal, {"trainig.epochs=3"})),
              ElementsAre("--set trainig.epochs=3: error: unknown field 'trainig'; did you mean "
                          "'training'?"));
  EXPECT_THAT(Formatted(Parse(kMinimal, {"training.batch_size=0"})),
              ElementsAre("--set training.batch_size=0: error: training.batch_size is 0, expected "
                          "an integer from 1 to 1048576"));
  const auto broken = Formatted(Parse(kMinimal, {"labels=[a"}));
  ASSERT_EQ(broken.size(), 1u) << ::testing::PrintToString(broken);
  EXPECT_THAT(broken[0], HasSubstr("--set labels=[a: error: YAML syntax: "));
}

TEST(Override, NeedsAPathAndAValue) {
  for (const char* text : {"training.epochs", "=3", ".a=3", "a.=3", "a..b=3", "a b=3"}) {
    EXPECT_FALSE(ParseOverride(text).ok()) << text;
  }
  const Override one = ParseOverride("a.b=c=d").value();
  EXPECT_EQ(one.path, "a.b");
  EXPECT_EQ(one.yaml, "c=d");
}

TEST(Override, FindsSearchSpacesByDottedKeysAndReplacesThemWhole) {
  const std::string text = std::string(kMinimal) +
                           "searcher: {name: random, max_trials: 2}\n"
                           "hyperparameters:\n"
                           "  training.optimizer.lr: {type: log, minval: -4, maxval: -1}\n";
  const Json canonical = Canonical(
      text, {"hyperparameters.training.optimizer.lr={type: categorical, vals: [0.1, 1]}"});
  EXPECT_EQ(canonical["hyperparameters"].Dump(),
            R"({"training.optimizer.lr":{"type":"categorical","vals":[0.1,1.0]}})");
}

TEST(Override, WarnsWhereTheSearchSpaceHidesIt) {
  const ParseOutcome outcome =
      Parse(std::string(kMinimal) + "hyperparameters: {learning_rate: 0.1}\n",
            {"training.optimizer.lr=0.5"});
  EXPECT_TRUE(outcome.ok);
  ASSERT_EQ(outcome.diagnostics.size(), 1u);
  EXPECT_EQ(outcome.diagnostics[0].severity, Severity::kWarning);
  EXPECT_THAT(outcome.diagnostics[0].message, HasSubstr("never used"));
}

TEST(Paths, StartWhereTheyAreWritten) {
  const std::string text =
      "name: x\ndata: {dataset: mnist, root: ../data/./m}\nmodel: {preset: mnist_cnn}\n"
      "training: {epochs: 2}\n";
  EXPECT_EQ(*Canonical(text).FindPath("data.root"), Json("/home/me/data/m"));
  EXPECT_EQ(*Canonical(text, {"data.root=../d"}).FindPath("data.root"), Json("/work/d"));
  EXPECT_EQ(*Canonical(text, {"data.root=/abs"}).FindPath("data.root"), Json("/abs"));
}

TEST(Provenance, SaysWhereEachValueComesFrom) {
  const ParseOutcome outcome = Parse(
      "name: x\ndata: {dataset: mnist}\nhyperparameters: {training.epochs: 3}\n"
      "model: {preset: mnist_cnn}\n",
      {"training.batch_size=64"});
  ASSERT_TRUE(outcome.ok) << ::testing::PrintToString(Formatted(outcome));
  const Json& provenance = outcome.experiments[0].provenance;
  EXPECT_EQ(provenance["name"], Json("file"));
  EXPECT_EQ(provenance["training.batch_size"], Json("set"));
  EXPECT_EQ(provenance["training.optimizer.lr"], Json("default"));
  EXPECT_EQ(provenance["data.split_seed"], Json("default"));
  EXPECT_EQ(provenance["training.epochs"], Json("hyperparameters"));
}

TEST(Documents, KeepTheirTextWithComments) {
  const std::string first = "# about the first\n" + std::string(kMinimal);
  const std::string second = "--- # the second\n" + std::string(kMinimal) + "# the end\n";
  const ParseOutcome outcome = Parse(first + second);
  ASSERT_EQ(outcome.experiments.size(), 2u);
  EXPECT_EQ(outcome.experiments[0].raw_text, first);
  EXPECT_EQ(outcome.experiments[1].raw_text, second);
}

TEST(Validation, RefusesForeignCanonicalDocumentsByPath) {
  struct Case {
    std::string path;
    Json value;
    std::string message;
  };
  const std::vector<Case> cases{
      {"training.batch_size", 0, "training.batch_size is 0"},
      {"training.batch_size", "many", "training.batch_size is 'many'"},
      {"resources.slots_per_trial", 200, "less than resources.slots_per_trial (200)"},
      {"model", Json::MakeObject({{"preset", "nothing"}}), "model.preset is 'nothing'"},
      {"surprise", 1, "unknown field 'surprise'"},
      {"searcher.name", "custom", "Determined's search method in Python"},
  };
  for (const Case& c : cases) {
    SCOPED_TRACE(c.path);
    Json document = Canonical(kMinimal);
    document.SetPath(c.path, c.value);
    const auto result = ValidateCanonical(document);
    ASSERT_FALSE(result.ok());
    EXPECT_EQ(result.error().code(), ErrorCode::kInvalidArgument);
    EXPECT_THAT(result.error().ToString(), HasSubstr(c.message));
  }
  for (const Json& wrong : {Json(), Json(3), Json::MakeArray(), Json::MakeObject()}) {
    EXPECT_FALSE(ValidateCanonical(wrong).ok());
  }
}

// The schema of a field: "properties" of each section on its way; a section may be one of `anyOf`,
// or the items of a list.
const Json* SchemaOf(const Json& schema, std::string_view path) {
  const Json* node = &schema;
  while (true) {
    const Json* properties = nullptr;
    while ((properties = node->Find("properties")) == nullptr) {
      const Json* any = node->Find("anyOf");
      const Json* inside = any != nullptr ? &(*any)[0] : node->Find("items");
      if (inside == nullptr) return nullptr;
      node = inside;
    }
    const std::size_t dot = path.find('.');
    node = properties->Find(path.substr(0, dot));
    if (node == nullptr || dot == std::string_view::npos) return node;
    path.remove_prefix(dot + 1);
  }
}

TEST(Schema, DescribesEveryField) {
  const Json schema = JsonSchema();
  EXPECT_EQ(schema["$schema"], Json("https://json-schema.org/draft/2020-12/schema"));
  EXPECT_EQ(schema["required"], Json::MakeArray({"name"}));
  for (const Field& field : Fields()) {
    const Json* found = SchemaOf(schema, field.path);
    ASSERT_NE(found, nullptr) << field.path;
    EXPECT_THAT((*found)["description"].AsString(), HasSubstr(field.doc));
    if (!field.default_value.is_null() && FindField(field.path) == &field &&
        found->Find("default") != nullptr) {
      EXPECT_EQ((*found)["default"], field.default_value);
    }
  }
}

TEST(Explain, ShowsEveryFieldWithTypeAndDefault) {
  for (const Field& field : Fields()) {
    const auto text = Explain(field.path);
    ASSERT_TRUE(text.ok()) << field.path;
    EXPECT_THAT(*text, HasSubstr(field.doc));
    EXPECT_THAT(*text, HasSubstr(Expectation(field)));
    for (const Field* sub : SubFields(field.path)) EXPECT_THAT(*text, HasSubstr(sub->doc));
  }
  const std::string sections = Explain("").value();
  for (const Field* section : SubFields("")) EXPECT_THAT(sections, HasSubstr(section->doc));
}

TEST(Explain, SuggestsForUnknownPaths) {
  EXPECT_THAT(Explain("training.optimzer").error().message(),
              HasSubstr("did you mean 'training.optimizer'?"));
  EXPECT_THAT(Explain("lr").error().message(), HasSubstr("did you mean 'training.optimizer.lr'?"));
  EXPECT_EQ(Explain("lr").error().code(), ErrorCode::kNotFound);
  EXPECT_THAT(Explain("learning_rate").value(), HasSubstr("training.optimizer.lr"));
  EXPECT_THAT(Explain("bind_mounts").error().message(), HasSubstr("containers"));
}

TEST(DescribeSearcher, HasItsOwnFieldsAndThoseOfAll) {
  const std::string asha = DescribeSearcher("async_halving").value();
  EXPECT_THAT(asha, HasSubstr("num_rungs               required"));
  EXPECT_THAT(asha, HasSubstr("max_concurrent_trials   16"));
  EXPECT_THAT(asha, HasSubstr("deterministic"));
  EXPECT_THAT(asha, ::testing::Not(HasSubstr("population_size")));
  EXPECT_THAT(asha, ::testing::Not(HasSubstr("bracket_rungs")));
  const std::string pbt = DescribeSearcher("pbt").value();
  EXPECT_THAT(pbt, HasSubstr("population_size         8"));
  EXPECT_THAT(pbt, ::testing::Not(HasSubstr("max_trials")));
  EXPECT_THAT(DescribeSearcher("tpe").value(), HasSubstr("max_trials              required"));
  for (const std::string& name : FindField("searcher.name")->choices) {
    EXPECT_TRUE(DescribeSearcher(name).ok()) << name;
    EXPECT_THAT(DescribeSearcher("").value(), HasSubstr(name));
  }
  EXPECT_THAT(DescribeSearcher("tep").error().message(), HasSubstr("did you mean 'tpe'?"));
}

TEST(FieldTable, IsConsistent) {
  for (const Field& field : Fields()) {
    SCOPED_TRACE(field.path);
    EXPECT_FALSE(field.doc.empty());
    // A path may stand twice for two data sets.
    const Field* first = FindField(field.path);
    EXPECT_TRUE(first == &field ||
                (first->only_if == field.only_if && first->only_values != field.only_values))
        << "a path twice";
    EXPECT_EQ(FindForeignField(field.path), nullptr);
    const std::size_t dot = field.path.rfind('.');
    if (dot != std::string::npos) {
      const Field* parent = FindField(field.path.substr(0, dot));
      ASSERT_NE(parent, nullptr);
      EXPECT_TRUE(parent->kind == FieldKind::kMap || parent->kind == FieldKind::kParts ||
                  parent->kind == FieldKind::kItems);
      EXPECT_LT(parent, &field) << "a map comes before its fields";
    }
    const bool filled = field.need == Need::kDefault && field.kind != FieldKind::kMap;
    EXPECT_EQ(filled, !field.default_value.is_null() && field.kind != FieldKind::kMap);
    EXPECT_TRUE(field.only_if.empty() || FindField(field.only_if) != nullptr);
  }
}

}  // namespace
}  // namespace tutti::spec
