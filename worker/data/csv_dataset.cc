#include "worker/data/csv_dataset.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <utility>

#include "worker/data/data_options.h"
#include "worker/data/dataset_files.h"

namespace tutti {
namespace {

struct CsvOptions {
  std::string train, test;
  std::string label = "label";
  std::vector<std::int64_t> shape;  // empty: one square channel
  std::vector<std::string> class_names;
};

Result<CsvOptions> ReadOptions(const Json& options, const std::string& root) {
  TUTTI_RETURN_IF_ERROR(
      CheckOptionKeys(options, {"train", "test", "label", "shape", "class_names"}, "csv"));
  CsvOptions csv;
  TUTTI_ASSIGN_OR_RETURN(csv.train, ReadDataPath(options, "train", root, "a CSV file"));
  TUTTI_ASSIGN_OR_RETURN(csv.test, ReadDataPath(options, "test", root, "a CSV file"));
  if (csv.train.empty() && csv.test.empty()) {
    return InvalidArgument("data set csv needs data.options.train, test, or both");
  }
  TUTTI_RETURN_IF_ERROR(ReadText(options, "label", csv.label));
  TUTTI_RETURN_IF_ERROR(ReadCounts(options, "shape", 3, 1, 4096, csv.shape));
  TUTTI_RETURN_IF_ERROR(ReadTexts(options, "class_names", csv.class_names));
  return csv;
}

std::string_view Unquoted(std::string_view field) {
  while (!field.empty() && field.front() == ' ') field.remove_prefix(1);
  while (!field.empty() && field.back() == ' ') field.remove_suffix(1);
  if (field.size() >= 2 && field.front() == '"' && field.back() == '"') {
    field = field.substr(1, field.size() - 2);
  }
  return field;
}

std::vector<std::string_view> Fields(std::string_view line) {
  std::vector<std::string_view> fields;
  while (true) {
    const std::size_t comma = line.find(',');
    fields.push_back(Unquoted(line.substr(0, comma)));
    if (comma == std::string_view::npos) return fields;
    line.remove_prefix(comma + 1);
  }
}

// A piece of a message: files may hold anything, of any length.
std::string Quoted(std::string_view field) {
  std::string text = "\"";
  for (const char c : field.substr(0, 40)) text += c >= ' ' && c <= '~' ? c : '?';
  return text + (field.size() > 40 ? "…\"" : "\"");
}

bool IsNumber(std::string_view field) {
  return !field.empty() && std::all_of(field.begin(), field.end(), [](char c) {
    return (c >= '0' && c <= '9') || c == '.' || c == '-';
  });
}

// Reads one file, row by row.
class CsvReader {
 public:
  CsvReader(const CsvOptions& options, const std::string& path, std::string_view text)
      : options_(options), path_(path), text_(text) {}

  Result<ImageSet> Read(bool needs_labels) {
    if (text_.starts_with("\xEF\xBB\xBF")) text_.remove_prefix(3);  // byte order mark
    TUTTI_RETURN_IF_ERROR(ReadHeader(needs_labels));
    while (!text_.empty()) {
      const std::string_view row = NextLine();
      if (!row.empty()) TUTTI_RETURN_IF_ERROR(ReadRow(row));
    }
    if (set_.n == 0) return DataLoss(path_ + ": no rows after the header");
    return std::move(set_);
  }

 private:
  Error At(const std::string& what) const {
    return DataLoss(path_ + ":" + std::to_string(line_) + ": " + what);
  }

  std::string_view NextLine() {
    ++line_;
    const std::size_t end = text_.find('\n');
    std::string_view line = text_.substr(0, end);
    text_.remove_prefix(end == std::string_view::npos ? text_.size() : end + 1);
    if (line.ends_with('\r')) line.remove_suffix(1);
    return line;
  }

  Status ReadHeader(bool needs_labels) {
    if (text_.empty()) return DataLoss(path_ + ": empty, expected a header and a row per image");
    const std::vector<std::string_view> names = Fields(NextLine());
    if (std::all_of(names.begin(), names.end(), IsNumber)) {
      return At("the first line holds numbers, expected a header such as label,pixel0,pixel1,…");
    }
    columns_ = names.size();
    label_column_ = columns_;
    for (std::size_t i = 0; i < columns_; ++i) {
      if (names[i] != options_.label) continue;
      if (label_column_ != columns_) return At("two columns are called " + options_.label);
      label_column_ = i;
    }
    if (needs_labels && label_column_ == columns_) {
      return At("no column is called " + Quoted(options_.label) + " among " +
                std::to_string(columns_) + " (" + Quoted(names.front()) +
                " …); data.options.label names the column of the labels");
    }
    return SetShape(static_cast<std::int64_t>(columns_ - (label_column_ < columns_ ? 1 : 0)));
  }

  Status SetShape(std::int64_t pixels) {
    if (!options_.shape.empty()) {
      set_.c = options_.shape[0];
      set_.h = options_.shape[1];
      set_.w = options_.shape[2];
    } else {
      set_.c = 1;
      set_.h = set_.w = std::llround(std::sqrt(static_cast<double>(pixels)));
    }
    if (pixels > 0 && set_.c * set_.h * set_.w == pixels) return Ok{};
    const std::string shape = std::to_string(set_.c) + " x " + std::to_string(set_.h) + " x " +
                              std::to_string(set_.w);
    return At(std::to_string(pixels) + " columns of pixels, expected " +
              (options_.shape.empty()
                   ? "the square of a number; data.options.shape says how they make an image"
                   : shape + " as data.options.shape says"));
  }

  Status ReadRow(std::string_view row) {
    const char* at = row.data();
    const char* const end = row.data() + row.size();
    const auto pixels = static_cast<std::size_t>(set_.c * set_.h * set_.w);
    const std::size_t first = set_.pixels.size();
    set_.pixels.resize(first + pixels);
    std::uint8_t* out = set_.pixels.data() + first;
    std::int32_t label = -1;
    for (std::size_t column = 0; column < columns_; ++column) {
      if (column > 0) {
        if (at == end) return WrongLength(row);
        ++at;  // the comma: the field before it ended there
      }
      const char* field = at;
      if (column != label_column_) {
        unsigned value = 0;
        while (at != end && *at >= '0' && *at <= '9' && value <= 255) {
          value = value * 10 + static_cast<unsigned>(*at++ - '0');
        }
        if (at != field && (at == end || *at == ',') && value <= 255) {
          *out++ = static_cast<std::uint8_t>(value);
          continue;
        }
        // Quoted, with spaces, or wrong: the slow way, which can also say what is wrong.
        while (at != end && *at != ',') ++at;
        TUTTI_ASSIGN_OR_RETURN(*out++, Pixel({field, at}, column, row));
        continue;
      }
      while (at != end && *at != ',') ++at;
      TUTTI_ASSIGN_OR_RETURN(label, Label(Unquoted({field, at})));
    }
    if (at != end) return WrongLength(row);
    set_.labels.push_back(label);
    ++set_.n;
    return Ok{};
  }

  Error WrongLength(std::string_view row) const {
    const auto fields = std::count(row.begin(), row.end(), ',') + 1;
    return At(std::to_string(fields) + (fields == 1 ? " value" : " values") + ", expected " +
              std::to_string(columns_) + " as in the header");
  }

  Result<std::uint8_t> Pixel(std::string_view field, std::size_t column,
                             std::string_view row) const {
    const std::string_view text = Unquoted(field);
    int value = 0;
    const auto [stop, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error == std::errc() && stop == text.data() + text.size() && value >= 0 && value <= 255) {
      return static_cast<std::uint8_t>(value);
    }
    const auto fields = static_cast<std::size_t>(std::count(row.begin(), row.end(), ',')) + 1;
    if (fields != columns_) return WrongLength(row);
    return At("column " + std::to_string(column + 1) + " is " + Quoted(text) +
              ", expected a pixel, an integer from 0 to 255");
  }

  Result<std::int32_t> Label(std::string_view field) const {
    const std::vector<std::string>& names = options_.class_names;
    const auto named = std::find(names.begin(), names.end(), field);
    if (named != names.end()) return static_cast<std::int32_t>(named - names.begin());
    std::int32_t value = 0;
    const auto [stop, error] = std::from_chars(field.data(), field.data() + field.size(), value);
    const std::int32_t classes = names.empty() ? 4096 : static_cast<std::int32_t>(names.size());
    if (error == std::errc() && stop == field.data() + field.size() && value >= 0 &&
        value < classes) {
      return value;
    }
    return At("the label is " + Quoted(field) + ", expected an integer from 0 to " +
              std::to_string(classes - 1) +
              (names.empty() ? "; names need data.options.class_names"
                             : " or a name of data.options.class_names"));
  }

  const CsvOptions& options_;
  const std::string& path_;
  std::string_view text_;  // what is left
  std::int64_t line_ = 0;
  std::size_t columns_ = 0;
  std::size_t label_column_ = 0;  // columns_ = there is none
  ImageSet set_;
};

Result<ImageSet> ReadHalf(DatasetFiles& files, const CsvOptions& options, const std::string& path,
                          bool needs_labels) {
  TUTTI_ASSIGN_OR_RETURN(const auto bytes, files.Read(path));
  const std::string_view text(reinterpret_cast<const char*>(bytes.data()), bytes.size());
  return CsvReader(options, path, text).Read(needs_labels);
}

}  // namespace

Result<Dataset> LoadCsv(const Json& options, const std::string& root) {
  TUTTI_ASSIGN_OR_RETURN(const CsvOptions csv, ReadOptions(options, root));
  Dataset data;
  data.name = "csv";
  DatasetFiles files;
  if (!csv.train.empty()) {
    TUTTI_ASSIGN_OR_RETURN(data.train, ReadHalf(files, csv, csv.train, true));
  }
  if (!csv.test.empty()) {
    TUTTI_ASSIGN_OR_RETURN(data.test, ReadHalf(files, csv, csv.test, false));
  }
  if (data.train.n > 0 && data.test.n > 0 && data.train.h * data.train.w * data.train.c !=
                                                  data.test.h * data.test.w * data.test.c) {
    return DataLoss(csv.test + " has images of " + std::to_string(data.test.h) + " x " +
                    std::to_string(data.test.w) + ", " + csv.train + " of " +
                    std::to_string(data.train.h) + " x " + std::to_string(data.train.w) +
                    "; they must have the same size");
  }
  data.class_names = csv.class_names;
  if (data.class_names.empty()) {
    std::int32_t largest = 0;
    for (const ImageSet* half : {&data.train, &data.test}) {
      for (const std::int32_t label : half->labels) largest = std::max(largest, label);
    }
    for (std::int32_t k = 0; k <= largest; ++k) data.class_names.push_back(std::to_string(k));
  }
  data.sha256 = files.Identity();
  return data;
}

}  // namespace tutti
