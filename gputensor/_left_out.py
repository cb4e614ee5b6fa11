"""The names of PyTorch that are left out on purpose, with the reason and what to use instead.

One table a namespace, reason by reason; `names_left_out` gives them name by name. Modules ask `left_out` from their
``__getattr__``, so that ``hasattr`` is False and ``from gputensor.x import name`` is an ImportError that says the same;
`Finder` says it to ``import gputensor.name``. A name that a module has is never asked for here, so that a row costs
nothing once its name is written.
"""

from __future__ import annotations

import dis
import functools
import sys
from collections.abc import Sequence
from types import FrameType, ModuleType

from gputensor.errors import MissingError

_SPARSE = (
    "sparse tensors are left out; make a dense one, zeros(size).index_put_(tuple(indices), values, accumulate=True), "
    "which mm, spmm and @ take; or use scipy.sparse where most numbers are 0"
)
_QUANTIZED = "quantized tensors are left out; float16 and bfloat16 save memory, too"
_NESTED = "nested tensors are left out; pad to one length with nn.utils.rnn.pad_sequence, and mask"
_COMPILED = "programs are not compiled, traced or exported; they run as they are written"
_EXPORT = "models are not exported to other formats; save their state_dict"
_GRAPHS = "there are no graphs of programs to rewrite; change the module's forward, or use forward hooks"
_STORAGE = "storages have no class for each dtype; x.untyped_storage() is a tensor's memory, and x.numpy() shares it"
_SYMBOLIC = "there are no symbolic numbers, as programs are not traced; shapes are ints"
_INTERNAL = "an internal function of PyTorch; use the public one of which it is a part"
_DTYPE = "NumPy has no such dtype; use float16, bfloat16 or int8"
_OTHER_DEVICES = "only the CPU and CUDA are supported"
_HUB = "nothing is downloaded; fetch the file yourself, build the model, and load its state_dict"
_TEXTS = "a text of PyTorch's documentation"
_SEVERAL = "there is one process only (world size 1); gputensor.distributed has what a script needs then"

_TOP: dict[str, str] = {
    _SPARSE: (
        "sparse sparse_bsc sparse_bsc_tensor sparse_bsr sparse_bsr_tensor sparse_compressed_tensor sparse_coo "
        "sparse_coo_tensor sparse_csc sparse_csc_tensor sparse_csr sparse_csr_tensor saddmm smm hsmm hspmm dsmm "
        "sspaddmm resize_as_sparse_ ccol_indices_copy col_indices_copy crow_indices_copy indices_copy "
        "row_indices_copy values_copy"
    ),
    _QUANTIZED: (
        "ao quantization quantize_per_channel quantize_per_tensor quantize_per_tensor_dynamic dequantize qint8 qint32 "
        "quint8 quint2x4 quint4x2 qscheme per_channel_affine per_channel_affine_float_qparams per_channel_symmetric "
        "per_tensor_affine per_tensor_symmetric empty_quantized fake_quantize_per_channel_affine "
        "fake_quantize_per_tensor_affine int_repr q_per_channel_axis q_per_channel_scales q_per_channel_zero_points "
        "q_scale q_zero_point choose_qparams_optimized fused_moving_avg_obs_fake_quant quantized_batch_norm "
        "quantized_gru quantized_gru_cell quantized_lstm quantized_lstm_cell quantized_max_pool1d "
        "quantized_max_pool2d quantized_max_pool3d quantized_rnn_relu_cell quantized_rnn_tanh_cell QInt32Storage "
        "QInt8Storage QUInt2x4Storage QUInt4x2Storage QUInt8Storage"
    ),
    _NESTED: "nested jagged",
    _COMPILED: (
        "jit ScriptModule ScriptFunction ScriptMethod ScriptObject ScriptClass compiler fork wait cond while_loop "
        "CompilationUnit import_ir_module import_ir_module_from_buffer merge_type_from_type_comment parse_ir "
        "parse_schema parse_type_comment unify_type_list"
    ),
    _EXPORT: "onnx export package",
    _GRAPHS: "fx Graph Node",
    _HUB: "hub",
    _STORAGE: (
        "storage Storage BFloat16Storage BoolStorage ByteStorage CharStorage ComplexDoubleStorage ComplexFloatStorage "
        "DoubleStorage FloatStorage HalfStorage IntStorage LongStorage ShortStorage"
    ),
    _SYMBOLIC: (
        "SymBool SymFloat SymInt sym_float sym_fresh_size sym_int sym_ite sym_max sym_min sym_not sym_sqrt sym_sum "
        "sym_constrain_range sym_constrain_range_for_size"
    ),
    _DTYPE: (
        "float8_e4m3fn float8_e4m3fnuz float8_e5m2 float8_e5m2fnuz float8_e8m0fnu float4_e2m1fn_x2 complex32 chalf "
        "bit bits16 bits1x8 bits2x4 bits4x2 bits8 int1 int2 int3 int4 int5 int6 int7 uint1 uint2 uint3 uint4 uint5 "
        "uint6 uint7"
    ),
    _OTHER_DEVICES: (
        "mps mtia xpu is_vulkan_available set_autocast_ipu_dtype set_autocast_ipu_enabled set_autocast_xla_dtype "
        "set_autocast_xla_enabled get_autocast_ipu_dtype get_autocast_xla_dtype is_autocast_ipu_enabled "
        "is_autocast_xla_enabled"
    ),
    "name the device: set_autocast_dtype('cpu', dtype) and set_autocast_enabled('cuda', True)": (
        "set_autocast_cpu_dtype set_autocast_cpu_enabled set_autocast_gpu_dtype"
    ),
    "use slice_scatter": "slice_inverse",
    "use hash(x.numpy().tobytes()), or zlib.crc32": "hash_tensor",
    _INTERNAL: (
        "batch_norm_backward_elemt batch_norm_backward_reduce batch_norm_elemt batch_norm_gather_stats "
        "batch_norm_gather_stats_with_counts batch_norm_stats batch_norm_update_stats cudnn_affine_grid_generator "
        "cudnn_batch_norm cudnn_convolution cudnn_convolution_add_relu cudnn_convolution_relu "
        "cudnn_convolution_transpose cudnn_grid_sampler cudnn_is_acceptable fbgemm_linear_fp16_weight "
        "fbgemm_linear_fp16_weight_fp32_activation fbgemm_linear_int8_weight "
        "fbgemm_linear_int8_weight_fp32_activation fbgemm_linear_quantize_weight fbgemm_pack_gemm_matrix_fp16 "
        "fbgemm_pack_quantized_matrix miopen_batch_norm miopen_convolution miopen_convolution_add_relu "
        "miopen_convolution_relu miopen_convolution_transpose miopen_ctc_loss miopen_depthwise_convolution miopen_rnn "
        "mkldnn_adaptive_avg_pool2d mkldnn_convolution mkldnn_linear_backward_weights mkldnn_max_pool2d "
        "mkldnn_max_pool3d mkldnn_rnn_layer native_norm autocast_increment_nesting autocast_decrement_nesting "
        "init_num_threads "
        "prepare_multiprocessing_environment profiler_allow_cudagraph_cupti_lazy_reinit_cuda12 thread_safe_generator "
        "PRIVATE_OPS classproperty get_file_path norm_except_dim"
    ),
    "operators cannot be registered; write a function, or an autograd.Function": "library classes",
    "tensors are not subclassed by overrides; write functions": "overrides",
    "arrays with masks are left out; keep the mask beside the tensor, and use where and masked_fill": "masked",
    "there are no C++ extensions; use NumPy, CuPy, or kernels that they compile": "cpp",
    "use NumPy's memory maps: gputensor.from_numpy(numpy.memmap(…))": "from_file",
    "streams and events are CUDA's: gputensor.cuda.Stream and gputensor.cuda.Event": "Stream Event",
    "PyTorch has removed it, too; use the function of gputensor.linalg, such as eigh for symeig": (
        "symeig eig lstsq solve matrix_rank"
    ),
    "types of TorchScript are left out; use Python's": "AVG SUM",
    "there is no C++ part": "compiled_with_cxx11_abi",
    "PyTorch gives it up; ask gputensor.backends, such as backends.mkl.is_available()": (
        "has_lapack has_mkl has_openmp has_spectral"
    ),
    "use contiguous_format": "legacy_contiguous_format",
    "a prototype in PyTorch; use index_add or scatter_reduce with the number of each element's segment": (
        "segment_reduce"
    ),
    "use autograd.set_detect_anomaly": "set_anomaly_enabled",
}

_CUDA: dict[str, str] = {
    "work is not captured; it runs as it is written": "CUDAGraph graph graphs graph_pool_handle make_graphed_callables "
    "GreenContext green_contexts",
    "CuPy's pool is the allocator; cupy.cuda.set_allocator takes another": "CUDAPluggableAllocator "
    "caching_allocator_alloc caching_allocator_delete caching_allocator_disabled caching_allocator_enable "
    "change_current_allocator get_allocator_backend MemPool use_mem_pool memory_snapshot host_memory_stats "
    "host_memory_stats_as_nested_dict memory_stats_as_nested_dict reset_accumulated_host_memory_stats "
    "reset_peak_host_memory_stats",
    "ask nvidia-smi, or the package nvidia-ml-py": "utilization temperature power_draw clock_rate memory_usage "
    "list_gpu_processes",
    "use CuPy's: cupy.cuda.runtime, cupy.cuda.get_cublas_handle, cupy.RawKernel, cupy.cuda.ExternalStream": "cudart "
    "cudaStatus check_error CudaError current_blas_handle current_solver_handle jiterator ExternalStream "
    "get_stream_from_external get_gencode_flags gds tunable",
    "use gputensor.profiler": "profiler",
    "their functions are in gputensor.cuda itself": "memory random streams graphs",
    _SPARSE: "sparse",
    "where the device is waited for is said in the docstrings": "get_sync_debug_mode set_sync_debug_mode",
    _STORAGE: "BFloat16Storage BoolStorage ByteStorage CharStorage ComplexDoubleStorage ComplexFloatStorage "
    "DoubleStorage FloatStorage HalfStorage IntStorage LongStorage ShortStorage",
    "there is no MAGMA; CuPy's linear algebra is used": "has_magma",
    "CUDA is not set up by calls that wait; each error comes where its cause is": "DeferredCudaCallError",
}

_DISTRIBUTED: dict[str, str] = {
    _SEVERAL: "rpc fsdp tensor device_mesh checkpoint pipelining nn optim algorithms elastic launch run launcher "
    "distributed_c10d autograd new_group send recv isend irecv Store TCPStore FileStore HashStore PrefixStore P2POp "
    "batch_isend_irecv all_to_all all_to_all_single reduce_scatter_tensor all_gather_into_tensor monitored_barrier "
    "init_device_mesh DeviceMesh ProcessGroup GroupMember group split_group new_subgroups irecv isend Work Backend "
    "all_gather_coalesced all_reduce_coalesced broadcast_object_list gather_object scatter_object_list "
    "send_object_list recv_object_list",
}

_UTILS: dict[str, str] = {
    "there are no C++ extensions; use NumPy, CuPy, or kernels that they compile": "cpp_extension cpp_backtrace "
    "get_cpp_backtrace cmake_prefix_path",
    "use python -m timeit, or gputensor.profiler": "benchmark bottleneck ThroughputBenchmark throughput_benchmark",
    "print gputensor.__version__, gputensor.version.cuda and numpy.__version__": "collect_env",
    _EXPORT: "mobile_optimizer bundled_inputs model_dump",
    _HUB: "model_zoo",
    "oneDNN's layouts are left out; NumPy computes on ordinary arrays": "mkldnn",
    "new memory is not filled; gputensor.use_deterministic_algorithms is what programs need": "deterministic",
    "use Python's weakref": "weak",
    "hooks are given to tensors and modules: register_hook and register_forward_hook": "hooks",
    "give one tensor the other's values with copy_ under no_grad": "swap_tensors",
    "operations are not counted in FLOP; gputensor.profiler measures their time": "flop_counter",
    _OTHER_DEVICES: "backend_registration rename_privateuse1_backend generate_methods_for_privateuse1_backend hipify",
    _COMPILED: "jit",
    _INTERNAL: "backcompat set_module viz",
}

_DATA: dict[str, str] = {
    "data pipes are left out, as PyTorch gave them up; write a Dataset or an IterableDataset": "DataChunk "
    "DFIterDataPipe IterDataPipe MapDataPipe datapipes functional_datapipe graph graph_settings "
    "guaranteed_datapipes_determinism non_deterministic runtime_validation runtime_validation_disabled "
    "argument_validation backward_compatibility",
}

_PROFILER: dict[str, str] = {
    "the profiler records operations; use Nvidia's tools for the kernels inside": "itt kineto_available "
    "ExecutionTraceObserver KinetoStepTracker RecordFunctionFast _KinetoProfile",
    "the columns of the table and the trace name the device": "DeviceType",
}

_NN: dict[str, str] = {
    _QUANTIZED: "quantizable quantized qat intrinsic",
    _INTERNAL: "factory_kwargs",
}

_FUNCTIONAL: dict[str, str] = {
    "use matmul for each group": "grouped_mm",
    "there are no 8-bit floats; use matmul, and multiply by the scales": "scaled_grouped_mm scaled_mm ScalingType "
    "SwizzleType",
    "an annotation of TorchScript; write int, tuple or list": "BroadcastingList1 BroadcastingList2 BroadcastingList3 "
    "boolean_dispatch",
    "tensors are not subclassed by overrides; write functions": "handle_torch_function has_torch_function "
    "has_torch_function_unary has_torch_function_variadic",
    _TEXTS: "reproducibility_notes sparse_support_notes tf32_notes",
    _INTERNAL: "assert_int_or_pair",
}

_AUTOGRAD: dict[str, str] = {
    "gradients do not take the strides of their tensors": "enforce_grad_layout_policy",
    "PyTorch gives it up; use Function, and flatten what goes in": "NestedIOFunction",
}

_GRAPH: dict[str, str] = {
    "for PyTorch's compiler; gputensor.utils.checkpoint saves memory": "region_activation_memory_budget",
    "gradients are added up on the stream on which backward is called": "set_override_stale_capture_stream "
    "set_warn_on_accumulate_grad_stream_mismatch",
}

_CHECKPOINT: dict[str, str] = {
    "a checkpoint keeps no result of single operations; checkpoint smaller functions": "CheckpointPolicy "
    "SelectiveCheckpointContext create_selective_checkpoint_contexts",
    "call checkpoint, which serves every way of differentiating": "CheckpointFunction GraphExecGroup",
    "the devices are those of the tensors": "DefaultDeviceType",
}

TABLES: dict[str, dict[str, str]] = {
    "gputensor": _TOP,
    "gputensor.nn": _NN,
    "gputensor.nn.functional": _FUNCTIONAL,
    "gputensor.nn.attention": {
        "attention is computed in one way on each device": "activate_flash_attention_impl "
        "current_flash_attention_impl list_flash_attention_impls register_flash_attention_impl "
        "restore_flash_attention_impl",
        "scores are not rewritten by a compiler; write softmax(score(q @ k.mT * scale), -1) @ v, or give "
        "scaled_dot_product_attention an attn_mask, which is added to the scores": "flex_attention",
        "give scaled_dot_product_attention an attn_mask, or is_causal=True": "bias",
        "pad sequences to one length with nn.utils.rnn.pad_sequence, and give scaled_dot_product_attention an "
        "attn_mask": "varlen",
        "experiments of PyTorch are left out; use scaled_dot_product_attention": "experimental",
    },
    "gputensor.optim": {
        "sparse gradients are left out; use Adam": "SparseAdam",
        _INTERNAL: "swap_in_optimizer_params_and_state",
    },
    "gputensor.linalg": {_TEXTS: "common_notes"},
    "gputensor.fft": {"it is gputensor.Tensor": "Tensor"},
    "gputensor.random": {
        "draws from one Generator are safe in threads; make one for each worker": "thread_safe_generator"
    },
    "gputensor.func": {
        "use permute, reshape and flatten": "rearrange",
        "inside of vmap and grad, print shows what a tensor holds": "debug_unwrap",
    },
    "gputensor.autograd": _AUTOGRAD,
    "gputensor.autograd.graph": _GRAPH,
    "gputensor.cpu": {
        "operations on the CPU are done when they return; time.perf_counter measures them": "Event",
        "ask platform.machine() and numpy.show_config()": "get_capabilities",
    },
    "gputensor.utils.checkpoint": _CHECKPOINT,
    "gputensor.utils.dlpack": {"the numbers are those of the DLPack standard: 1 the CPU, 2 CUDA": "DLDeviceType"},
    "gputensor.cuda": _CUDA,
    "gputensor.distributed": _DISTRIBUTED,
    "gputensor.utils": _UTILS,
    "gputensor.utils.data": _DATA,
    "gputensor.profiler": _PROFILER,
    "gputensor.backends": {_OTHER_DEVICES: "cusparselt kleidiai mha miopen nnpack python_native xeon xnnpack"}
    | {_QUANTIZED: "quantized"},
    "gputensor.multiprocessing": {
        "tensors in shared memory are sent by their file, others by value": "reductions",
    },
    "gputensor.accelerator": {"work is not captured; it runs as it is written": "Graph empty_host_cache"},
    "gputensor.testing": {_INTERNAL: "FileCheck"},
    "gputensor.serialization": {
        "give load a map_location": "register_package default_restore_location location_tag MAP_LOCATION",
        "the byte order is read from the file": "set_default_load_endianness get_default_load_endianness "
        "LoadEndianness",
        "files are read whole or mapped, by load's mmap": "skip_data set_default_mmap_options get_default_mmap_options",
        "sums are always written, as they show damaged files": "set_crc32_options get_crc32_options",
        _INTERNAL: "StorageType SourceChangeWarning check_module_version_greater_or_equal mkdtemp "
        "normalize_storage_type storage_to_tensor_type validate_cuda_device validate_hpu_device",
    },
}


@functools.cache
def names_left_out(namespace: str) -> dict[str, str]:
    """The names left out of a namespace, each with its reason."""
    return {name: reason for reason, names in TABLES[namespace].items() for name in names.split()}


def left_out(namespace: str, name: str) -> Exception:
    """The error for a name that `namespace` does not have: MissingError with the reason, if PyTorch has it.

    It is for the namespace's ``__getattr__``. Where ``from namespace import name`` asks that, it is an ImportError:
    Python would drop the text of an AttributeError.
    """
    reason = names_left_out(namespace).get(name)
    if reason is None:
        return AttributeError(f"module '{namespace}' has no attribute {name!r}")
    if _imports_a_name(sys._getframe(2)):
        return ImportError(_sentence(namespace, name, reason), name=namespace)
    return MissingError(_sentence(namespace, name, reason))


def refuse_modules() -> None:
    """Makes ``import gputensor.jit`` say why there is no such module."""
    if not any(isinstance(finder, Finder) for finder in sys.meta_path):
        sys.meta_path.append(Finder())


# No subclass of MetaPathFinder: the import system asks for the method alone, and importlib.abc takes 8 ms to import.
class Finder:
    """The last finder on `sys.meta_path`: refuses modules that are left out with the reason, and finds none."""

    def find_spec(self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None) -> None:
        """Raises ModuleNotFoundError, unless `importlib.util.find_spec` asks: its answer is None."""
        namespace, _, name = fullname.rpartition(".")
        if namespace not in TABLES or _only_asks(sys._getframe(2)):
            return
        reason = names_left_out(namespace).get(name)
        if reason is not None:
            raise ModuleNotFoundError(_sentence(namespace, name, reason), name=fullname)


def _sentence(namespace: str, name: str, reason: str) -> str:
    return f"{namespace}.{name} does not exist: {reason}"


def _imports_a_name(frame: FrameType) -> bool:
    """Whether the frame is at the instruction that takes a name out of a module which it has imported."""
    return frame.f_lasti >= 0 and dis.opname[frame.f_code.co_code[frame.f_lasti]] == "IMPORT_FROM"


def _only_asks(frame: FrameType) -> bool:
    util = sys.modules.get("importlib.util")
    return util is not None and frame.f_code is util.find_spec.__code__
