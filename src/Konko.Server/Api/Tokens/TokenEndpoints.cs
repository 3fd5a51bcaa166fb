using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using Konko.Protocol;
using Konko.Protocol.Tokens;
using Konko.Server.Api.ChatCompletions;
using Konko.Server.Api.Errors;
using Konko.Server.Api.Tools;
using Konko.Server.Api.Validation;
using Konko.Server.Generation.Tools;
using Konko.Server.Models;
using Konko.Server.Providers;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Konko.Server.Api.Tokens;

/// <summary><c>POST /v1/tokenize</c> and <c>POST /v1/detokenize</c>, as vLLM has them: text or messages to tokens, and back.</summary>
internal sealed class TokenEndpoints(IModelDirectory models, ApiSettings settings)
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        var endpoints = new TokenEndpoints(routes.ServiceProvider.GetRequiredService<IModelDirectory>(), routes.ServiceProvider.GetRequiredService<ApiSettings>());
        routes.MapPost("/v1/tokenize", context => endpoints.HandleAsync(context, endpoints.TokenizeAsync));
        routes.MapPost("/v1/detokenize", context => endpoints.HandleAsync(context, endpoints.DetokenizeAsync));
    }

    private async Task HandleAsync(HttpContext context, Func<HttpContext, Parameters, Task<ApiError?>> handle)
    {
        RequestBody body = await RequestBody.ReadAsync(context, settings.BodyLimitBytes);
        if (body.Document is null)
        {
            await ErrorWriter.WriteAsync(context, body.Error!);
            return;
        }

        using (body.Document)
        {
            if (await handle(context, new Parameters(body.Document.RootElement)) is { } error) await ErrorWriter.WriteAsync(context, error);
        }
    }

    private async Task<ApiError?> TokenizeAsync(HttpContext context, Parameters parameters)
    {
        string name = ModelName(parameters);
        Prompt? prompt = TokenizePrompt(parameters);
        // Null is what an answer to the same prompt would do, as is true.
        bool addSpecialTokens = parameters.Value("add_special_tokens") is null || parameters.Boolean("add_special_tokens");
        bool literals = parameters.Boolean("return_token_strs");
        if (parameters.Error is { } invalid) return invalid;

        ModelLookup lookup = await models.FindAsync(name, context.RequestAborted);
        if (!TryTokenizer(lookup, context, out ServedModel? model, out IPromptTokenizer? tokenizer, out ApiError? error)) return error;
        (ApiError? refused, List<int> ids) = LongPrompts.IsLong(prompt!) ? await LongPrompts.RunAsync(Encode, context.RequestAborted) : Encode();
        if (refused is not null) return refused;
        var result = new TokenizeResult
        {
            Count = ids.Count,
            MaxModelLen = model.ContextLength,
            Tokens = ids,
            TokenStrs = literals ? [.. ids.Select(tokenizer.Literal)] : null,
        };
        await JsonReply.WriteAsync(context, result, WireJson.Default.TokenizeResult);
        return null;

        (ApiError? Error, List<int> Ids) Encode() => (tokenizer.Encode(prompt!, addSpecialTokens, out List<int> tokens), tokens);
    }

    private async Task<ApiError?> DetokenizeAsync(HttpContext context, Parameters parameters)
    {
        string name = ModelName(parameters);
        List<int> ids = TokenIds(parameters);
        if (parameters.Error is { } invalid) return invalid;

        ModelLookup lookup = await models.FindAsync(name, context.RequestAborted);
        if (!TryTokenizer(lookup, context, out _, out IPromptTokenizer? tokenizer, out ApiError? error)) return error;
        foreach (int id in ids)
        {
            if (id >= tokenizer.VocabularySize) return ApiError.InvalidRequest("tokens", $"'tokens' holds {id}; this model's tokens are 0 to {tokenizer.VocabularySize - 1}.");
        }

        await JsonReply.WriteAsync(context, new DetokenizeResult { Prompt = tokenizer.Decode(ids) }, WireJson.Default.DetokenizeResult);
        return null;
    }

    private static string ModelName(Parameters parameters)
    {
        if (parameters.Text("model") is string name) return name;
        parameters.Fail("model", "must be the name of a model.");
        return "";
    }

    private static Prompt? TokenizePrompt(Parameters parameters)
    {
        if (parameters.Value("prompt") is null && parameters.Value("messages") is null)
        {
            parameters.Fail("prompt", "or 'messages' must be there.");
            return null;
        }

        // Read whether or not it is looked at, for what is wrong with it.
        Dictionary<string, JsonElement>? variables = ChatRequestParser.TemplateVariables(parameters);
        ToolOptions? tools = ToolParser.Parse(parameters);
        bool addGenerationPrompt = parameters.Value("add_generation_prompt") is null || parameters.Boolean("add_generation_prompt");
        if (parameters.Value("messages") is null) return parameters.Text("prompt") is string text ? new TextPrompt(text) : null;
        if (parameters.Value("prompt") is not null) parameters.Fail("prompt", "cannot be there together with 'messages'.");
        return new ChatPrompt(MessageParser.Parse(parameters)) { TemplateVariables = variables, Tools = tools, AddGenerationPrompt = addGenerationPrompt };
    }

    private static List<int> TokenIds(Parameters parameters)
    {
        var ids = new List<int>();
        if (parameters.List("tokens") is not { } list)
        {
            parameters.Fail("tokens", "must be a list of token ids.");
            return ids;
        }

        foreach (JsonElement element in list.EnumerateArray())
        {
            if (!Parameters.TryInteger(element, out long id) || id is < 0 or > int.MaxValue)
            {
                parameters.Fail("tokens", "must be a list of token ids.");
                break;
            }

            ids.Add((int)id);
        }

        return ids;
    }

    private static bool TryTokenizer(
        ModelLookup lookup,
        HttpContext context,
        [NotNullWhen(true)] out ServedModel? model,
        [NotNullWhen(true)] out IPromptTokenizer? tokenizer,
        [NotNullWhen(false)] out ApiError? error)
    {
        tokenizer = null;
        if (!lookup.TryGet(out model, out error)) return false;
        ModelHeaders.Write(context.Response, model);
        tokenizer = model.Tokenizer;
        if (tokenizer is null) error = ApiError.InvalidRequest("model", $"The tokens of '{model.Name}' are not known here.");
        return tokenizer is not null;
    }
}
