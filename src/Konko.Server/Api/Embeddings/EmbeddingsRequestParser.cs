using System.Text.Json;
using Konko.Server.Api.Completions;
using Konko.Server.Api.Validation;
using Konko.Server.Providers;

namespace Konko.Server.Api.Embeddings;

/// <summary>Parses the body of <c>POST /v1/embeddings</c>.</summary>
internal static class EmbeddingsRequestParser
{
    /// <summary>Most inputs of a request; as OpenAI has it.</summary>
    public const int MostInputs = 2048;

    /// <summary>Parses a request.</summary>
    /// <param name="parameters">The body; holds the error afterwards, if there is one.</param>
    /// <returns>The request; worth nothing if the parameters failed.</returns>
    public static EmbeddingsRequest Parse(Parameters parameters)
    {
        string model = parameters.Text("model") ?? "";
        if (model.Length == 0) parameters.Fail("model", "must name the model that is to embed.");
        string? encoding = parameters.Text("encoding_format");
        if (encoding is not (null or "float" or "base64")) parameters.Fail("encoding_format", "must be \"float\" or \"base64\".");
        var request = new EmbedderRequest
        {
            Inputs = Inputs(parameters),
            Dimensions = (int?)parameters.Integer("dimensions", 1, int.MaxValue),
        };
        return new EmbeddingsRequest(model, request, encoding == "base64");
    }

    private static List<Prompt> Inputs(Parameters parameters)
    {
        // Before anything is made of them, for a body has room for millions.
        if (parameters.Value("input") is { ValueKind: JsonValueKind.Array } list && list.GetArrayLength() is int count && count > MostInputs && list[0].ValueKind != JsonValueKind.Number)
        {
            parameters.Fail("input", $"must hold at most {MostInputs} texts, not {count}.");
            return [];
        }

        List<Prompt> inputs = PromptParser.Parse(parameters, "input");
        int empty = inputs.FindIndex(input => input is TextPrompt { Text.Length: 0 });
        if (empty >= 0) parameters.Fail(inputs.Count == 1 ? "input" : $"input[{empty}]", "must not be an empty string.");
        return inputs;
    }
}
