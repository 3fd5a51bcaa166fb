using System.Buffers;
using Konko.Server.Api.Errors;
using Konko.Server.Generation;
using Konko.Server.Generation.Rendering;
using Konko.Server.Providers;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Konko.Server.Api.Answers;

/// <summary>Answers at the end, with everything at once.</summary>
internal static class WholeAnswer
{
    /// <summary>Reads the generation to its end and writes the answer.</summary>
    /// <param name="context">The call.</param>
    /// <param name="generation">The generation.</param>
    /// <param name="renderer">Renders it.</param>
    /// <param name="logger">Learns of failures that are ours.</param>
    /// <returns>Why there is no answer; null if there is.</returns>
    public static async Task<ApiError?> WriteAsync(HttpContext context, AdmittedGeneration generation, AnswerRenderer renderer, ILogger logger)
    {
        bool complete = false;
        try
        {
            await foreach (GenerationEvent entry in generation.ReadAsync(context.RequestAborted))
            {
                if (entry is GenerationFailed failed) return failed.Error;
                renderer.Fold(entry);
                complete = entry is ChoiceAdvanced { Usage: not null };
                if (complete) break;
            }
        }
        catch (Exception e) when (!context.RequestAborted.IsCancellationRequested)
        {
            AnswerLog.Broken(logger, context.TraceIdentifier, e);
            return ApiError.Internal();
        }

        if (!complete)
        {
            AnswerLog.Unfinished(logger, context.TraceIdentifier);
            return ApiError.Internal();
        }

        var body = new ArrayBufferWriter<byte>(4096);
        renderer.WriteWhole(body);
        context.Response.ContentType = "application/json";
        context.Response.ContentLength = body.WrittenCount;
        await context.Response.Body.WriteAsync(body.WrittenMemory, context.RequestAborted);
        return null;
    }
}
