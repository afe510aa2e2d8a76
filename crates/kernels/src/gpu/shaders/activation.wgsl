// A function of each value: a.x says which, `numbers` its parameters.

const RELU = 0;
const ELU = 1;
const GELU_TANH = 2;
const SWISH = 3;
const TANH = 4;
const SIGMOID = 5;
const HARD_SIGMOID = 6;

fn sigmoid(x: vec4f) -> vec4f {
    return 1.0 / (1.0 + exp(-clamp(x, vec4f(-80.0), vec4f(80.0))));
}

// Drivers' own `tanh` overflows where it has long been 1.
fn bounded_tanh(x: vec4f) -> vec4f {
    return tanh(clamp(x, vec4f(-15.0), vec4f(15.0)));
}

fn value(group: u32, row: u32, column: u32) -> vec4f {
    let x = input_at(group, i32(row), i32(column));
    let n = p.numbers;
    switch p.a.x {
        case RELU: {
            // Largest value, slope, threshold.
            return min(select(x, n.y * (x - n.z), x < vec4f(n.z)), vec4f(n.x));
        }
        case ELU: {
            // Alpha, scale.
            return n.y * select(n.x * (exp(min(x, vec4f())) - 1.0), x, x > vec4f());
        }
        case GELU_TANH: {
            return 0.5 * x * (1.0 + bounded_tanh(0.7978846 * (x + 0.044715 * x * x * x)));
        }
        case SWISH: {
            return x * sigmoid(x);
        }
        case TANH: {
            return bounded_tanh(x);
        }
        case SIGMOID: {
            return sigmoid(x);
        }
        case HARD_SIGMOID: {
            // Slope, offset.
            return clamp(n.x * x + n.y, vec4f(), vec4f(1.0));
        }
        default: {
            return x;
        }
    }
}
