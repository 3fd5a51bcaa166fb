using System.Text.Json;
using Konko.Server.Api.Validation;
using Konko.Server.Providers;

namespace Konko.Server.Api.Completions;

/// <summary>Parses <c>prompt</c> or <c>input</c>: a string, a list of strings, a list of tokens, or a list of such lists.</summary>
internal static class PromptParser
{
    private const string Wanted = "must be a string, a list of strings, a list of token ids, or a list of such lists, and not be empty.";

    /// <summary>Parses the prompts.</summary>
    /// <param name="parameters">The request's parameters.</param>
    /// <param name="name">The parameter that holds them.</param>
    public static List<Prompt> Parse(Parameters parameters, string name)
    {
        List<Prompt>? prompts = parameters.Value(name) switch
        {
            { ValueKind: JsonValueKind.String } text => [new TextPrompt(text.GetString()!)],
            { ValueKind: JsonValueKind.Array } list when list.GetArrayLength() > 0 => list[0].ValueKind switch
            {
                JsonValueKind.String => All(list, Text),
                JsonValueKind.Number => Tokens(list) is { } tokens ? [tokens] : null,
                JsonValueKind.Array => All(list, Tokens),
                _ => null,
            },
            _ => null,
        };
        if (prompts is null) parameters.Fail(name, Wanted);
        return prompts ?? [];
    }

    private static List<Prompt>? All(JsonElement list, Func<JsonElement, Prompt?> parse)
    {
        var prompts = new List<Prompt>();
        foreach (JsonElement element in list.EnumerateArray())
        {
            if (parse(element) is not { } prompt) return null;
            prompts.Add(prompt);
        }

        return prompts;
    }

    private static TextPrompt? Text(JsonElement element) => element.ValueKind == JsonValueKind.String ? new TextPrompt(element.GetString()!) : null;

    private static TokenPrompt? Tokens(JsonElement element)
    {
        if (element.ValueKind != JsonValueKind.Array || element.GetArrayLength() == 0) return null;
        var ids = new List<int>(element.GetArrayLength());
        foreach (JsonElement item in element.EnumerateArray())
        {
            if (!Parameters.TryInteger(item, out long id) || id is < 0 or > int.MaxValue) return null;
            ids.Add((int)id);
        }

        return new TokenPrompt(ids);
    }
}
