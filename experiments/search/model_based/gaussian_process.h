#pragma once

#include <memory>
#include <vector>

namespace tutti::search {

// Gaussian process regression with mean 0 and a Matern 5/2 kernel with a length of its own for
// every axis (Rasmussen, Williams, "Gaussian processes for machine learning", 2006, ch. 2, 4.2, 5):
//   k(x, x') = scale * (1 + sqrt5 r + 5/3 r^2) exp(-sqrt5 r),
//   r^2 = sum over axes of inverse_square * d^2,
// d the difference of numbers, for choices 0 if they are the same and 1 if not.
class GaussianProcess {
 public:
  using Vector = std::vector<double>;

  struct Kernel {
    Vector log_inverse_squares;  // one per axis: of 1 / length^2
    double log_scale = 0;        // of the variance of the function
    double log_noise = 0;        // of the variance of the observations around it
  };
  // Lengths of 1, scale 1, little noise.
  static Kernel DefaultKernel(std::size_t axes);

  // The most probable kernel after the data (maximum a posteriori), by ascent from `start`.
  // `values` should have mean 0 and variance 1. Priors: see the .cc. REQUIRES: at least one point.
  static Kernel Fit(const std::vector<bool>& categorical, const std::vector<Vector>& points,
                    const Vector& values, const Kernel& start, int max_iterations);
  // What Fit minimises, and its gradient (inverse squares, scale, noise; all logarithms).
  static double NegativeLogPosterior(const std::vector<bool>& categorical,
                                     const std::vector<Vector>& points, const Vector& values,
                                     const Kernel& kernel, Vector& gradient);

  // Posterior after the data. REQUIRES: at least one point, as many values.
  GaussianProcess(std::vector<bool> categorical, std::vector<Vector> points, Vector values,
                  Kernel kernel);
  ~GaussianProcess();
  GaussianProcess(GaussianProcess&&) noexcept;

  // As if these had been observed exactly where they are expected: the mean stays, the variance
  // falls ("kriging believer", Ginsbourger, Le Riche, Carraro 2010).
  void Believe(const std::vector<Vector>& points);

  struct Prediction {
    double mean = 0;
    double variance = 0;  // of the function, without noise
    Vector mean_gradient, variance_gradient;  // 0 on axes of choices; empty if not asked for
  };
  Prediction Predict(const Vector& point, bool with_gradient) const;

  const Kernel& kernel() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace tutti::search
