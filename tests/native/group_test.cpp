// The kernel by itself, for sanitizers: forward against loops that are written as the definitions read, backward against
// central differences. Exit code 0 where everything agrees; what does not is printed.
#include <cmath>
#include <cstdio>
#include <random>
#include <thread>
#include <vector>

#include "group.h"

using namespace hypercuboid;

namespace {

int failures = 0, compared = 0, corners = 0;
std::mt19937 generator(1);

template <class T> std::vector<T> random_numbers(std::size_t count) {
  std::normal_distribution<double> normal;
  std::vector<T> made(count);
  for (T& one : made) one = static_cast<T>(normal(generator));
  return made;
}

template <class T> void expect(const char* what, int at, double found, double wanted, double tolerance) {
  if (std::abs(found - wanted) <= tolerance * (1 + std::abs(wanted))) return;
  ++failures;
  std::printf("%s[%d] (%zu bytes a number): %.10g, not %.10g\n", what, at, sizeof(T), found, wanted);
}

// The numbers of a unit and their gradients.
template <class T> struct Numbers {
  std::vector<T> depthwise, pointwise, gamma, beta, mean, var, batch_mean, deviation;
  std::vector<T> d_depthwise, d_pointwise, d_gamma, d_beta;
  Buffer<T> kept;
};

struct Plan {
  Shape shape;
  bool training = true, affine = true;
};

Plan unit(Spatial spatial, int k_rows, int k_columns, int stride, int dilation, int above, int before, bool relu, bool pointwise, bool norm, int outputs) {
  Plan plan;
  plan.shape.spatial = spatial;
  plan.shape.window = {k_rows, k_columns, stride, stride, dilation, above, before};
  plan.shape.relu = relu, plan.shape.pointwise = pointwise, plan.shape.norm = norm, plan.shape.outputs = outputs;
  return plan;
}

// Images as [image][channel][row][column], in double precision.
struct Image {
  int images, channels, rows, columns;
  std::vector<double> values;
  Image(int images, int channels, int rows, int columns)
      : images(images), channels(channels), rows(rows), columns(columns), values(static_cast<std::size_t>(images) * channels * rows * columns) {}
  double& at(int n, int c, int y, int x) { return values[((static_cast<std::size_t>(n) * channels + c) * rows + y) * columns + x]; }
};

template <class T> double value_of(const Unit<T>& unit, Image& in, int n, int c, int y, int x) {
  const Window& w = unit.window;
  double sum = 0, best = -INFINITY;
  int count = 0;
  for (int i = 0; i < w.rows; ++i)
    for (int j = 0; j < w.columns; ++j) {
      const int row = y * w.down - w.above + i * w.dilation, column = x * w.right - w.before + j * w.dilation;
      if (row < 0 || row >= in.rows || column < 0 || column >= in.columns) continue;
      const double value = unit.relu ? std::max(in.at(n, c, row, column), 0.0) : in.at(n, c, row, column);
      sum += value * (unit.depthwise ? static_cast<double>(unit.depthwise[c * unit.taps() + i * w.columns + j]) : 1.0);
      best = std::max(best, value), ++count;
    }
  if (unit.spatial == Spatial::MAX) return best;
  if (unit.spatial == Spatial::MEAN) return sum / (unit.count_padding ? unit.taps() : count);
  return sum;
}

template <class T> Image reference(const Unit<T>& unit, Image in) {
  Image out(in.images, unit.outputs, unit.rows, unit.columns);
  for (int n = 0; n < in.images; ++n)
    for (int y = 0; y < unit.rows; ++y)
      for (int x = 0; x < unit.columns; ++x) {
        std::vector<double> moved;
        for (int c = 0; c < unit.inputs; ++c) moved.push_back(value_of(unit, in, n, c, y, x));
        for (int o = 0; o < unit.outputs; ++o) {
          double sum = unit.pointwise ? 0 : moved[o];
          for (int c = 0; unit.pointwise && c < unit.inputs; ++c) sum += moved[c] * static_cast<double>(unit.pointwise_weight[o * unit.inputs + c]);
          out.at(n, o, y, x) = sum;
        }
      }
  if (!unit.norm) return out;
  const double count = static_cast<double>(in.images) * unit.pixels();
  for (int o = 0; o < unit.outputs; ++o) {
    double mean = 0, var = 0;
    auto each = [&](auto f) { for (int n = 0; n < in.images; ++n) for (int y = 0; y < unit.rows; ++y) for (int x = 0; x < unit.columns; ++x) f(out.at(n, o, y, x)); };
    each([&](double& v) { mean += v / count; });
    each([&](double& v) { var += (v - mean) * (v - mean) / count; });
    if (!unit.training) mean = static_cast<double>(unit.running_mean[o]), var = static_cast<double>(unit.running_var[o]);
    const double scale = (unit.gamma ? static_cast<double>(unit.gamma[o]) : 1.0) / std::sqrt(var + unit.eps);
    each([&](double& v) { v = (v - mean) * scale + (unit.beta ? static_cast<double>(unit.beta[o]) : 0.0); });
  }
  return out;
}

void threads(int count, const std::function<void(int)>& body) {
  std::vector<std::thread> all;
  for (int i = 0; i < count; ++i) all.emplace_back(body, i);
  for (std::thread& one : all) one.join();
}

template <class T> struct Case {
  Group<T> group;
  std::vector<std::vector<Numbers<T>>> numbers;
  std::vector<T> source;

  Case(int images, int channels, int height, int width, const std::vector<std::vector<Plan>>& plans) {
    group.images = images, group.channels = channels, group.height = height, group.width = width;
    source = random_numbers<T>(static_cast<std::size_t>(images) * channels * height * width);
    group.outputs = channels, group.rows = height, group.columns = width;
    for (const auto& chain : plans) {
      Alternative<T> alternative;
      alternative.coefficient = static_cast<T>(0.3 + 0.2 * static_cast<double>(numbers.size()));
      numbers.emplace_back();
      int c = channels, h = height, w = width;
      for (const Plan& plan : chain) add(alternative, plan, c, h, w);
      group.alternatives.push_back(std::move(alternative));
      if (!chain.empty()) group.outputs = c, group.rows = h, group.columns = w;
    }
    for (std::size_t a = 0; a < numbers.size(); ++a)
      for (std::size_t i = 0; i < numbers[a].size(); ++i) point(group.alternatives[a].units[i], numbers[a][i]);
  }

  void add(Alternative<T>& alternative, const Plan& plan, int& c, int& h, int& w) {
    Unit<T> unit;
    static_cast<Shape&>(unit) = plan.shape;
    const Window& view = unit.window;
    unit.inputs = c, unit.height = h, unit.width = w, unit.training = plan.training;
    if (!unit.pointwise) unit.outputs = c;
    unit.rows = (h + 2 * view.above - view.dilation * (view.rows - 1) - 1) / view.down + 1;
    unit.columns = (w + 2 * view.before - view.dilation * (view.columns - 1) - 1) / view.right + 1;
    c = unit.outputs, h = unit.rows, w = unit.columns;
    Numbers<T> own;
    if (unit.spatial == Spatial::DEPTHWISE) own.depthwise = random_numbers<T>(static_cast<std::size_t>(unit.inputs) * unit.taps());
    if (unit.pointwise) own.pointwise = random_numbers<T>(static_cast<std::size_t>(unit.inputs) * unit.outputs);
    if (unit.norm && plan.affine) own.gamma = random_numbers<T>(unit.outputs), own.beta = random_numbers<T>(unit.outputs);
    own.mean = random_numbers<T>(unit.outputs), own.var.assign(unit.outputs, T(2));
    own.batch_mean.resize(unit.outputs), own.deviation.resize(unit.outputs);
    own.d_depthwise.resize(own.depthwise.size()), own.d_pointwise.resize(own.pointwise.size());
    own.d_gamma.resize(own.gamma.size()), own.d_beta.resize(own.beta.size());
    own.kept.resize(unit.kept_size(group.images) / lanes<T>);
    alternative.units.push_back(unit);
    numbers.back().push_back(std::move(own));
  }

  static T* data(std::vector<T>& one) { return one.empty() ? nullptr : one.data(); }
  static void point(Unit<T>& unit, Numbers<T>& own) {
    unit.depthwise = data(own.depthwise), unit.pointwise_weight = data(own.pointwise), unit.gamma = data(own.gamma), unit.beta = data(own.beta);
    unit.running_mean = unit.norm ? data(own.mean) : nullptr, unit.running_var = unit.norm ? data(own.var) : nullptr;
    unit.mean = data(own.batch_mean), unit.deviation = data(own.deviation), unit.kept = reinterpret_cast<T*>(own.kept.get());
    unit.d_depthwise = data(own.d_depthwise), unit.d_pointwise = data(own.d_pointwise), unit.d_gamma = data(own.d_gamma), unit.d_beta = data(own.d_beta);
  }

  std::vector<T> run() {
    std::vector<T> out(static_cast<std::size_t>(group.images) * group.rows * group.columns * group.outputs);
    group.forward(source.data(), out.data());
    return out;
  }

  std::vector<double> wanted() {
    std::vector<double> sum(static_cast<std::size_t>(group.images) * group.rows * group.columns * group.outputs);
    for (const Alternative<T>& one : group.alternatives) {
      Image image(group.images, group.channels, group.height, group.width);
      for (int n = 0; n < image.images; ++n) for (int y = 0; y < image.rows; ++y) for (int x = 0; x < image.columns; ++x) for (int c = 0; c < image.channels; ++c)
        image.at(n, c, y, x) = static_cast<double>(source[((static_cast<std::size_t>(n) * image.rows + y) * image.columns + x) * image.channels + c]);
      for (const Unit<T>& unit : one.units) image = reference(unit, image);
      std::size_t i = 0;
      for (int n = 0; n < image.images; ++n) for (int y = 0; y < image.rows; ++y) for (int x = 0; x < image.columns; ++x) for (int c = 0; c < image.channels; ++c)
        sum[i++] += static_cast<double>(one.coefficient) * image.at(n, c, y, x);
    }
    return sum;
  }

  double loss(const std::vector<T>& weights) {
    const std::vector<T> out = run();
    double sum = 0;
    for (std::size_t i = 0; i < out.size(); ++i) sum += static_cast<double>(out[i] * weights[i]);
    return sum;
  }

  // A few of the gradients against central differences. Where those to the left and to the right differ, a relu or a
  // pool has a corner between them, and there is nothing to compare.
  void differentiate(const char* what, T* at, std::size_t count, const T* gradient, const std::vector<T>& weights) {
    if (!at) return;
    for (std::size_t i = 0; i < count; i += 1 + count / 7) {
      const T before = at[i], step = T(1e-5);
      const double middle = loss(weights);
      at[i] = before + step;
      const double right = (loss(weights) - middle) / 1e-5;
      at[i] = before - step;
      const double left = (middle - loss(weights)) / 1e-5;
      at[i] = before;
      if (std::abs(right - left) > 1e-2 * (1 + std::abs(left))) {
        ++corners;
        continue;
      }
      ++compared;
      expect<T>(what, static_cast<int>(i), static_cast<double>(gradient[i]), (left + right) / 2, 1e-2);
    }
  }

  void check_forward(double tolerance) {
    const std::vector<double> right = wanted();
    const std::vector<T> out = run();
    for (std::size_t i = 0; i < out.size(); ++i) expect<T>("out", static_cast<int>(i), static_cast<double>(out[i]), right[i], tolerance);
  }

  void check_backward(bool differences) {
    const std::vector<T> weights = random_numbers<T>(static_cast<std::size_t>(group.images) * group.rows * group.columns * group.outputs);
    std::vector<T> d_source(source.size());
    run();
    group.backward(source.data(), weights.data(), d_source.data());
    if (!differences) return;
    differentiate("d_source", source.data(), source.size(), d_source.data(), weights);
    for (std::size_t a = 0; a < numbers.size(); ++a) {
      const T found = group.alternatives[a].d_coefficient;
      differentiate("d_coefficient", &group.alternatives[a].coefficient, 1, &found, weights);
      for (Numbers<T>& own : numbers[a]) {
        differentiate("d_depthwise", data(own.depthwise), own.depthwise.size(), own.d_depthwise.data(), weights);
        differentiate("d_pointwise", data(own.pointwise), own.pointwise.size(), own.d_pointwise.data(), weights);
        differentiate("d_gamma", data(own.gamma), own.gamma.size(), own.d_gamma.data(), weights);
        differentiate("d_beta", data(own.beta), own.beta.size(), own.d_beta.data(), weights);
      }
    }
  }
};

template <class T> void check(int channels, int outputs, int stride, bool training, bool affine) {
  std::vector<std::vector<Plan>> plans;
  auto add = [&](std::vector<Plan> chain) {
    for (Plan& one : chain) one.training = training, one.affine = affine;
    plans.push_back(chain);
  };
  for (int k : {1, 3, 5, 7, 9})
    for (int dilation : {1, 2}) {
      const int around = dilation * (k - 1) / 2;
      add({unit(Spatial::DEPTHWISE, k, k, stride, dilation, around, around, true, true, true, 3), unit(Spatial::DEPTHWISE, 3, 3, 1, 1, 1, 1, true, true, true, outputs)});
    }
  add({unit(Spatial::DEPTHWISE, 1, 5, stride, 1, 0, 2, false, true, true, outputs)});
  add({unit(Spatial::DEPTHWISE, 3, 3, stride, 1, 1, 1, true, false, true, 0), unit(Spatial::NONE, 1, 1, 1, 1, 0, 0, false, true, true, outputs)});
  add({unit(Spatial::NONE, 1, 1, stride, 1, 0, 0, true, true, true, outputs)});
  add({unit(Spatial::MAX, 3, 3, stride, 1, 1, 1, false, true, true, outputs)});
  add({unit(Spatial::MEAN, 3, 3, stride, 1, 1, 1, true, true, true, outputs)});
  add({unit(Spatial::MEAN, 5, 5, stride, 1, 2, 2, false, true, true, outputs)});
  plans.back()[0].shape.count_padding = true;
  if (channels == outputs) add({unit(Spatial::MAX, 3, 3, stride, 1, 1, 1, false, false, false, 0)});
  if (channels == outputs && stride == 1) add({});
  Case<T> one(3, channels, 7, 10, plans);
  one.check_forward(sizeof(T) == 8 ? 1e-10 : 1e-3);
  one.check_backward(sizeof(T) == 8);
  one.group.chunks = 2, one.group.parallel = threads;
  one.check_forward(sizeof(T) == 8 ? 1e-10 : 1e-3);
  one.check_backward(sizeof(T) == 8);
}

}  // namespace

int main() {
  for (int stride : {1, 2})
    for (bool training : {true, false})
      for (int channels : {5, 16, 19}) {
        check<double>(channels, channels, stride, training, true);
        check<double>(channels, 2, stride, training, false);
        check<float>(channels, channels, stride, training, false);
        check<float>(channels, 33, stride, training, true);
      }
  std::printf("%d differences, %d gradients compared, %d at a corner\n", failures, compared, corners);
  return failures || compared < 20 * corners;
}
