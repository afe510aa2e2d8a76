//! Which engine runs the network, and what to tell the user where it is not the first choice.

use rachis_protocol::engine::EngineKind;

/// What the address asks for with `?engine=`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wish {
    /// `?engine=cpu`.
    Cpu,
    /// `?engine=webgpu`: even on a software adapter.
    WebGpu,
}

impl Wish {
    /// Reads the value of the `engine` parameter; anything else is no wish.
    pub fn parse(value: &str) -> Option<Self> {
        match value.to_ascii_lowercase().as_str() {
            "cpu" => Some(Self::Cpu),
            "webgpu" | "gpu" => Some(Self::WebGpu),
            _ => None,
        }
    }
}

/// What asking the browser for a WebGPU adapter brought.
#[derive(Debug, Clone, PartialEq)]
pub enum Probe {
    /// The browser has no `navigator.gpu`.
    NoApi,
    /// `requestAdapter` threw.
    Threw,
    /// `requestAdapter` gave null.
    NoAdapter,
    /// An adapter.
    Found(Adapter),
}

/// What an adapter says about itself. A limit that it does not state is 0.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Adapter {
    /// `info.vendor`, `info.architecture`, `info.device` and `info.description`, the empty ones left out.
    pub name: String,
    /// `isFallbackAdapter`, on the adapter or on its info.
    pub fallback: bool,
    /// `maxStorageBuffersPerShaderStage`.
    pub storage_buffers: f64,
    /// `maxComputeInvocationsPerWorkgroup`.
    pub invocations: f64,
    /// `maxComputeWorkgroupStorageSize`, bytes.
    pub workgroup_bytes: f64,
}

/// Names under which software adapters go that do not call themselves a fallback.
const SOFTWARE: [&str; 4] = ["swiftshader", "llvmpipe", "lavapipe", "basic render"];

impl Adapter {
    fn is_software(&self) -> bool {
        let name = self.name.to_ascii_lowercase();
        self.fallback || SOFTWARE.iter().any(|software| name.contains(software))
    }

    /// Shaders, Burn's above all, bind up to 8 buffers and run workgroups of 256 with 16 KiB of shared memory: WebGPU's
    /// defaults, which adapters in compatibility mode do not reach.
    fn is_large_enough(&self) -> bool {
        self.storage_buffers >= 8.0 && self.invocations >= 256.0 && self.workgroup_bytes >= 16_384.0
    }
}

/// Why an engine is not the first choice, and what would make it so.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reason {
    /// What is so.
    pub why: String,
    /// What the user can do.
    pub remedy: String,
}

impl Reason {
    /// Two sentences.
    pub fn new(why: impl Into<String>, remedy: impl Into<String>) -> Self {
        Self { why: why.into(), remedy: remedy.into() }
    }
}

/// The engine to start with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Choice {
    /// Which one.
    pub kind: EngineKind,
    /// Why it is not WebGPU on a real adapter, where it is not.
    pub reason: Option<Reason>,
}

impl Choice {
    fn cpu(why: &str, remedy: &str) -> Self {
        Self { kind: EngineKind::Cpu, reason: Some(Reason::new(why, remedy)) }
    }
}

/// Chooses WebGPU on a real adapter with what the shaders need, else the CPU; a wish goes first where it can be met.
pub fn choose(wish: Option<Wish>, probe: &Probe) -> Choice {
    if wish == Some(Wish::Cpu) {
        return Choice::cpu(
            "The address of this page asks for the CPU engine.",
            "Remove “engine=cpu” from the address to use the graphics card.",
        );
    }
    let adapter = match probe {
        Probe::NoApi => {
            return Choice::cpu(
                "This browser does not offer WebGPU on this page.",
                "For more speed open it over HTTPS in Chrome or Edge 121, Firefox 141, Safari 26 or newer.",
            );
        }
        Probe::Threw => {
            return Choice::cpu(
                "This browser failed when asked for the graphics card.",
                "For more speed restart the browser and update the graphics driver.",
            );
        }
        Probe::NoAdapter => {
            return Choice::cpu(
                "This browser found no graphics card that WebGPU can use.",
                "For more speed turn on hardware acceleration in the browser’s settings and update the graphics driver.",
            );
        }
        Probe::Found(adapter) => adapter,
    };
    if !adapter.is_large_enough() {
        return Choice::cpu(
            "The graphics card’s limits are too small for the WebGPU engine.",
            "For more speed use a computer with a newer graphics card.",
        );
    }
    if adapter.is_software() {
        if wish == Some(Wish::WebGpu) {
            return Choice {
                kind: EngineKind::WebGpu,
                reason: Some(Reason::new(
                    "WebGPU runs in software here, as the address asks; the CPU engine is many times faster.",
                    "Remove “engine=webgpu” from the address.",
                )),
            };
        }
        return Choice::cpu(
            "WebGPU runs only in software here, which is slower than the CPU engine.",
            "For more speed turn on hardware acceleration in the browser’s settings and update the graphics driver.",
        );
    }
    Choice { kind: EngineKind::WebGpu, reason: None }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn real() -> Adapter {
        Adapter {
            name: "nvidia ampere".into(),
            fallback: false,
            storage_buffers: 10.0,
            invocations: 1024.0,
            workgroup_bytes: 32_768.0,
        }
    }

    fn kind(wish: Option<Wish>, adapter: Adapter) -> EngineKind {
        choose(wish, &Probe::Found(adapter)).kind
    }

    #[test]
    fn a_real_adapter_is_the_first_choice_and_needs_no_reason() {
        assert_eq!(choose(None, &Probe::Found(real())), Choice { kind: EngineKind::WebGpu, reason: None });
    }

    #[test]
    fn the_address_can_ask_for_the_cpu() {
        assert_eq!(kind(Some(Wish::Cpu), real()), EngineKind::Cpu);
    }

    #[test]
    fn no_usable_adapter_means_the_cpu_with_a_reason_even_if_webgpu_is_wished() {
        for probe in [Probe::NoApi, Probe::Threw, Probe::NoAdapter] {
            for wish in [None, Some(Wish::WebGpu)] {
                let choice = choose(wish, &probe);
                assert_eq!(choice.kind, EngineKind::Cpu, "{probe:?}");
                assert!(choice.reason.is_some(), "{probe:?}");
            }
        }
    }

    #[test]
    fn an_adapter_below_the_limits_is_not_used() {
        let wish = Some(Wish::WebGpu);
        assert_eq!(kind(wish, Adapter { storage_buffers: 4.0, ..real() }), EngineKind::Cpu);
        assert_eq!(kind(wish, Adapter { invocations: 128.0, ..real() }), EngineKind::Cpu);
        assert_eq!(kind(wish, Adapter { workgroup_bytes: 0.0, ..real() }), EngineKind::Cpu);
    }

    #[test]
    fn a_software_adapter_counts_as_none_unless_forced() {
        for adapter in [
            Adapter { fallback: true, ..real() },
            Adapter { name: "Google SwiftShader".into(), ..real() },
            Adapter { name: "Microsoft Basic Render Driver".into(), ..real() },
        ] {
            assert_eq!(kind(None, adapter.clone()), EngineKind::Cpu, "{}", adapter.name);
            assert_eq!(kind(Some(Wish::WebGpu), adapter.clone()), EngineKind::WebGpu, "{}", adapter.name);
        }
    }

    #[test]
    fn only_known_engines_are_wishes() {
        assert_eq!(Wish::parse("CPU"), Some(Wish::Cpu));
        assert_eq!(Wish::parse("webgpu"), Some(Wish::WebGpu));
        assert_eq!(Wish::parse("cuda"), None);
    }
}
