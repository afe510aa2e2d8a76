//! The device, and work for it.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use bytemuck::Pod;
use futures::channel::oneshot;
use wgpu::util::{BufferInitDescriptor, DeviceExt};

use super::Scheme;

/// A WebGPU device and the shaders that it has compiled so far.
#[derive(Debug, Clone)]
pub struct Gpu {
    pub(super) device: wgpu::Device,
    queue: wgpu::Queue,
    pub(super) scheme: Scheme,
    pipelines: Arc<Mutex<HashMap<String, wgpu::ComputePipeline>>>,
}

/// The device did not give its result; it has said why to whoever watches it for errors.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GpuError;

impl std::fmt::Display for GpuError {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("it gave no result")
    }
}

impl std::error::Error for GpuError {}

/// The last word of levels before a shader finds a number that is none.
pub(super) const NO_FAULT: [u8; 4] = [0; 4];

/// What one run of a shader needs.
pub(super) struct Task<'a> {
    pub(super) source: &'a str,
    /// The shader's `Params`, as bits.
    pub(super) params: &'a [u32],
    /// From binding 1 on.
    pub(super) buffers: &'a [&'a wgpu::Buffer],
    /// Invocations along columns, rows and groups.
    pub(super) invocations: [usize; 3],
    /// Invocations of a workgroup along columns and rows, as the shader says.
    pub(super) workgroup: [usize; 2],
    /// Multiplications and additions.
    pub(super) operations: u64,
}

/// A run of a shader, ready to be given to the device.
#[derive(Debug)]
pub(super) struct Dispatch {
    pipeline: wgpu::ComputePipeline,
    bindings: wgpu::BindGroup,
    workgroups: [u32; 3],
    operations: u64,
}

impl Gpu {
    /// Uses a device that is open.
    #[must_use]
    pub fn new(device: wgpu::Device, queue: wgpu::Queue) -> Self {
        Self { device, queue, scheme: Scheme::default(), pipelines: Arc::default() }
    }

    /// Opens the first device that there is, with the limits that every device has.
    pub async fn open() -> Option<Self> {
        let instance = wgpu::Instance::new(wgpu::InstanceDescriptor::new_without_display_handle());
        let adapter = instance.request_adapter(&wgpu::RequestAdapterOptions::default()).await.ok()?;
        let (device, queue) = adapter.request_device(&wgpu::DeviceDescriptor::default()).await.ok()?;
        Some(Self::new(device, queue))
    }

    /// The same device with convolutions cut up so.
    #[must_use]
    pub fn with_scheme(mut self, scheme: Scheme) -> Self {
        self.scheme = scheme;
        self
    }

    /// A buffer of so many bytes.
    pub(super) fn buffer(&self, size: u64, usage: wgpu::BufferUsages) -> wgpu::Buffer {
        self.device.create_buffer(&wgpu::BufferDescriptor {
            label: None,
            size,
            usage,
            mapped_at_creation: false,
        })
    }

    /// A buffer with these numbers in it.
    pub(super) fn filled(&self, contents: &[u8], usage: wgpu::BufferUsages) -> wgpu::Buffer {
        self.device.create_buffer_init(&BufferInitDescriptor { label: None, contents, usage })
    }

    /// The compiled shader.
    fn pipeline(&self, source: &str) -> wgpu::ComputePipeline {
        // Whoever panicked while holding it has left whole pipelines there.
        let mut pipelines = self.pipelines.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(pipeline) = pipelines.get(source) {
            return pipeline.clone();
        }
        let module = self.device.create_shader_module(wgpu::ShaderModuleDescriptor {
            label: None,
            source: wgpu::ShaderSource::Wgsl(source.into()),
        });
        let pipeline = self.device.create_compute_pipeline(&wgpu::ComputePipelineDescriptor {
            label: None,
            layout: None,
            module: &module,
            entry_point: Some("main"),
            compilation_options: wgpu::PipelineCompilationOptions {
                zero_initialize_workgroup_memory: false,
                ..Default::default()
            },
            cache: None,
        });
        pipelines.insert(source.to_owned(), pipeline.clone());
        pipeline
    }

    /// Compiles a task's shader and binds its buffers.
    pub(super) fn dispatch(&self, task: &Task<'_>) -> Dispatch {
        let pipeline = self.pipeline(task.source);
        let params = self.filled(bytemuck::cast_slice(task.params), wgpu::BufferUsages::UNIFORM);
        let buffers = std::iter::once(&params).chain(task.buffers.iter().copied());
        let entries: Vec<wgpu::BindGroupEntry<'_>> = buffers
            .zip(0..)
            .map(|(buffer, binding)| wgpu::BindGroupEntry { binding, resource: buffer.as_entire_binding() })
            .collect();
        let bindings = self.device.create_bind_group(&wgpu::BindGroupDescriptor {
            label: None,
            layout: &pipeline.get_bind_group_layout(0),
            entries: &entries,
        });
        let [columns, rows, groups] = task.invocations;
        let [across, down] = task.workgroup;
        let workgroups = [columns.div_ceil(across), rows.div_ceil(down), groups].map(|count| count as u32);
        Dispatch { pipeline, bindings, workgroups, operations: task.operations }
    }

    /// Writes `input`, runs the dispatches in order, and reads `output` by way of `read`.
    pub(super) async fn run<T: Pod>(
        &self,
        (input, values): (&wgpu::Buffer, &[f32]),
        dispatches: &[Dispatch],
        (output, read): (&wgpu::Buffer, &wgpu::Buffer),
    ) -> Result<Vec<T>, GpuError> {
        self.queue.write_buffer(input, 0, bytemuck::cast_slice(values));
        // The word for faults, where there is one, is only ever set by a shader.
        self.queue.write_buffer(output, output.size() - NO_FAULT.len() as u64, &NO_FAULT);
        let mut waiting = dispatches;
        while !waiting.is_empty() {
            let (now, later) = waiting.split_at(submission_length(waiting, self.scheme.most_operations));
            let mut encoder = self.device.create_command_encoder(&wgpu::CommandEncoderDescriptor::default());
            let mut pass = encoder.begin_compute_pass(&wgpu::ComputePassDescriptor::default());
            for Dispatch { pipeline, bindings, workgroups: [across, down, groups], .. } in now {
                pass.set_pipeline(pipeline);
                pass.set_bind_group(0, bindings, &[]);
                pass.dispatch_workgroups(*across, *down, *groups);
            }
            drop(pass);
            if later.is_empty() {
                encoder.copy_buffer_to_buffer(output, 0, read, 0, read.size());
            }
            self.queue.submit([encoder.finish()]);
            waiting = later;
        }
        self.read(read).await
    }

    async fn read<T: Pod>(&self, buffer: &wgpu::Buffer) -> Result<Vec<T>, GpuError> {
        let (tell, mapped) = oneshot::channel();
        buffer.map_async(wgpu::MapMode::Read, .., |result| {
            // Nobody listens any more once the run was given up.
            let _ = tell.send(result);
        });
        // Browsers call back by themselves.
        #[cfg(not(target_arch = "wasm32"))]
        self.device.poll(wgpu::PollType::wait_indefinitely()).map_err(|_| GpuError)?;
        mapped.await.map_err(|_| GpuError)?.map_err(|_| GpuError)?;
        let values = bytemuck::pod_collect_to_vec(&buffer.get_mapped_range(..).map_err(|_| GpuError)?);
        buffer.unmap();
        Ok(values)
    }
}

/// How many of the next dispatches go into one submission.
fn submission_length(dispatches: &[Dispatch], most_operations: u64) -> usize {
    let mut operations: u64 = 0;
    let fits = |dispatch: &&Dispatch| {
        operations = operations.saturating_add(dispatch.operations);
        operations <= most_operations
    };
    dispatches.iter().take_while(fits).count().max(1)
}
