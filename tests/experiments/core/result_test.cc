// Goal: errors keep their code and every line of context on their way up, and misuse of a Result
// ends the process. Method: small call chains; also the enum, state and id tables next to it.

#include "experiments/core/result.h"

#include <gtest/gtest.h>

#include <cerrno>
#include <memory>

#include "experiments/core/enum_table.h"
#include "experiments/core/ids.h"
#include "experiments/core/state_table.h"

namespace tutti {
namespace {

Result<int> Half(int n) {
  if (n % 2 != 0) return InvalidArgument(std::to_string(n) + " is odd");
  return n / 2;
}

Result<int> Quarter(int n) {
  TUTTI_ASSIGN_OR_RETURN(const int half, Half(n));
  TUTTI_ASSIGN_OR_RETURN(const int quarter, Half(half));
  return quarter;
}

Status CheckEven(int n) {
  TUTTI_RETURN_IF_ERROR(Half(n));
  return Ok{};
}

TEST(Result, MacrosPassValuesAndErrors) {
  EXPECT_EQ(Quarter(8).value(), 2);
  EXPECT_EQ(Quarter(6).error().message(), "3 is odd");
  EXPECT_TRUE(CheckEven(4).ok());
  EXPECT_FALSE(CheckEven(5));
}

TEST(Result, MovesValuesThatCannotBeCopied) {
  Result<std::unique_ptr<int>> result(std::make_unique<int>(3));
  const std::unique_ptr<int> value = std::move(result).value();
  EXPECT_EQ(*value, 3);
}

TEST(Error, KeepsCodeAndContext) {
  const Error root = NotFound("no file x");
  const Error error = root.Wrap("reading data set mnist").Wrap("starting trial 3.1");
  EXPECT_EQ(error.ToString(), "starting trial 3.1: reading data set mnist: no file x");
  EXPECT_EQ(error.code(), ErrorCode::kNotFound);
  EXPECT_EQ(error.message(), "starting trial 3.1");
  EXPECT_EQ(error.cause()->cause()->message(), "no file x");
  EXPECT_EQ(root.cause(), nullptr);
}

TEST(Error, ErrnoHasTheCodeThatCallersReactTo) {
  EXPECT_EQ(ErrnoError(ENOENT, "x").code(), ErrorCode::kNotFound);
  EXPECT_EQ(ErrnoError(EACCES, "x").code(), ErrorCode::kPermissionDenied);
  EXPECT_EQ(ErrnoError(ENOSPC, "x").code(), ErrorCode::kResourceExhausted);
  EXPECT_EQ(ErrnoError(ECONNREFUSED, "x").code(), ErrorCode::kUnavailable);
  EXPECT_EQ(ErrnoError(EIO, "x").code(), ErrorCode::kInternal);
  EXPECT_EQ(ErrnoError(ENOENT, "open /a").ToString(), "open /a: No such file or directory");
}

TEST(ResultDeathTest, TakingWhatIsNotThereIsABug) {
  EXPECT_DEATH((void)Half(3).value(), "3 is odd");
  EXPECT_DEATH((void)Half(4).error(), "holds a value");
}

enum class Light { kRed, kGreen, kOff };
constexpr EnumTable<Light, 3> kLightNames{
    {{{Light::kRed, "red"}, {Light::kGreen, "green"}, {Light::kOff, "off"}}}};
constexpr StateTable<Light, 3> kLightMoves{
    {{{Light::kRed, Light::kGreen}, {Light::kGreen, Light::kRed}, {Light::kRed, Light::kOff}}}};

TEST(EnumTable, NamesParsesAndListsChoices) {
  EXPECT_EQ(kLightNames.Name(Light::kGreen), "green");
  EXPECT_EQ(kLightNames.Parse("off"), Light::kOff);
  EXPECT_EQ(kLightNames.Parse("blue"), std::nullopt);
  EXPECT_EQ(kLightNames.Choices(), "red, green or off");
}

TEST(StateTable, AllowsItsTransitionsOnly) {
  EXPECT_TRUE(kLightMoves.Allows(Light::kRed, Light::kGreen));
  EXPECT_FALSE(kLightMoves.Allows(Light::kGreen, Light::kOff));
  EXPECT_FALSE(kLightMoves.IsTerminal(Light::kRed));
  EXPECT_TRUE(kLightMoves.IsTerminal(Light::kOff));
}

TEST(Ids, AreOrderedAndNoneIsFalse) {
  EXPECT_FALSE(TrialId());
  EXPECT_TRUE(TrialId(1));
  EXPECT_LT(TrialId(1), TrialId(2));
  EXPECT_EQ(ToString(TrialId(12)), "12");
  static_assert(!std::is_convertible_v<TrialId, ExperimentId>);
}

}  // namespace
}  // namespace tutti
