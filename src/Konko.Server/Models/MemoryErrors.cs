using Konko.Server.Api.Errors;

namespace Konko.Server.Models;

/// <summary>What is said where a model does not fit into the memory.</summary>
internal static class MemoryErrors
{
    private static readonly TimeSpan s_retryWhenBusy = TimeSpan.FromSeconds(5);

    /// <summary>It cannot fit even alone.</summary>
    /// <param name="id">The model.</param>
    /// <param name="plan">The least it needs.</param>
    /// <param name="limit">What models may take.</param>
    public static ApiError Never(string id, ModelPlan plan, long limit)
        => Error($"The model '{id}' needs at least {ByteSize.Exact(plan.Bytes)} of memory: {plan}; models may take {ByteSize.Exact(limit)} here. {Help(plan, limit)}")
            with
            { ShouldRetry = false };

    /// <summary>It would fit if others were not in use.</summary>
    /// <param name="id">The model.</param>
    /// <param name="plan">What it needs.</param>
    /// <param name="limit">What models may take.</param>
    /// <param name="free">What of that is free, or held by models that nobody uses.</param>
    public static ApiError Busy(string id, ModelPlan plan, long limit, long free)
        => Error($"The model '{id}' needs {ByteSize.Exact(plan.Bytes)} of memory: {plan}; of the {ByteSize.Exact(limit)} that models may take {ByteSize.Exact(free)} can be had, models in use hold the rest. Try again in a moment, or give the server more memory (--memory), or this model less (--context, --kv-memory).")
            with
            { RetryAfter = s_retryWhenBusy };

    private static string Help(ModelPlan plan, long limit)
        => plan.Bytes - plan.KvBytes < limit
            ? "A smaller --context or --kv-memory would help, or a larger --memory if the machine has it."
            : "Only a larger --memory would help if the machine has it, or a file of smaller weights: they alone are too large.";

    private static ApiError Error(string message) => new(503, message, ErrorTypes.Server, "model");
}
