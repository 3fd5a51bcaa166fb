using System.Globalization;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using Konko.Engine;
using Konko.Protocol;
using Konko.Server.Api.Answers;
using Konko.Server.Models;
using Konko.Server.Providers;

namespace Konko.Server.Streams;

/// <summary>
/// What an answer's bytes hang on beside the request and the seed: the weights and the arithmetic (the model's own
/// fingerprint), its context, the code that tokenises and renders, and the prompt's tokens, which tell of a template
/// that was changed.
/// </summary>
internal static class StreamFingerprint
{
    // Builds are deterministic: the same code has the same ids.
    private static readonly string s_code = string.Join(' ', new[] { typeof(LocalModel), typeof(WireJson), typeof(StreamFingerprint) }.Select(type => type.Module.ModuleVersionId));

    /// <summary>The fingerprint of an answer.</summary>
    /// <param name="model">The model.</param>
    /// <param name="request">The request.</param>
    /// <param name="maxTokens">Most tokens where the request does not say.</param>
    /// <returns>In hexadecimal; null where the model cannot write an answer again.</returns>
    public static string? Of(ServedModel model, AnswerRequest request, int? maxTokens)
    {
        if (model.Fingerprint is null) return null;
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{s_code} {model.Id} {model.Fingerprint} {model.ContextLength} {maxTokens}")));
        foreach (Prompt prompt in request.Prompts)
        {
            if (model.Tokenizer is not { } tokenizer || tokenizer.Encode(prompt, addSpecialTokens: true, out List<int> ids) is not null) continue;
            hash.AppendData(MemoryMarshal.AsBytes(CollectionsMarshal.AsSpan(ids)));
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}
