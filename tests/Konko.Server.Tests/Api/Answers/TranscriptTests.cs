using Konko.Engine.Sampling;
using Konko.Engine.Scheduling;
using Konko.Server.Providers;
using Konko.Server.Tests.Support;

namespace Konko.Server.Tests.Api.Answers;

/// <summary>What goes over the wire, byte by byte: the request, the stream, the whole answer.</summary>
public sealed class TranscriptTests
{
    private const string Chat = "/v1/chat/completions";
    private const string Text = "/v1/completions";

    private const string Responses = "/v1/responses";

    private const string Hello = """ "messages":[{"role":"user","content":"Hello"}] """;
    private const string Think = """ "messages":[{"role":"user","content":"Think"}] """;

    [Theory]
    [InlineData("chat", Chat, Hello)]
    [InlineData("chat-details-usage", Chat, Hello + ""","details":true,"stream_options":{"include_usage":true}""")]
    [InlineData("chat-logprobs", Chat, Hello + ""","logprobs":true,"top_logprobs":2,"max_tokens":4""")]
    [InlineData("chat-stop", Chat, Hello + ""","stop":["STOP"],"details":true""")]
    [InlineData("chat-two-choices", Chat, Hello + ""","n":2,"details":true,"max_tokens":3""")]
    [InlineData("chat-no-tokens", Chat, Hello + ""","max_tokens":0""")]
    [InlineData("chat-helper", Chat, Hello + ""","n":2,"max_tokens":2""")]
    [InlineData("chat-helper-logprobs", Chat, Hello + ""","logprobs":true,"max_tokens":2""")]
    [InlineData("text", Text, """ "prompt":"Once" """)]
    [InlineData("text-echo-logprobs", Text, """ "prompt":"é","echo":true,"logprobs":1,"max_tokens":4""")]
    [InlineData("text-scoring", Text, """ "prompt":"ab","echo":true,"logprobs":0,"max_tokens":0""")]
    [InlineData("text-two-prompts", Text, """ "prompt":["a","b"],"max_tokens":2,"stream_options":{"include_usage":true}""")]
    [InlineData("chat-thought", Chat, Think)]
    [InlineData("chat-thought-cut", Chat, Think + ""","max_tokens":3""")]
    [InlineData("response", Responses, """ "input":"Hello","instructions":"Be kind.","max_output_tokens":4,"temperature":0.5,"user":"Ann","metadata":{"a":"b"}""")]
    [InlineData("response-thought", Responses, """ "input":[{"role":"user","content":[{"type":"input_text","text":"Think"}]}],"reasoning":{"effort":"low"}""")]
    [InlineData("response-thought-cut", Responses, """ "input":"Think","max_output_tokens":3""")]
    [InlineData("response-logprobs", Responses, """ "input":"Hello","max_output_tokens":4,"top_logprobs":1,"include":["message.output_text.logprobs"]""")]
    [InlineData("response-error", Responses, """ "input":"Hello","store":true""")]
    [InlineData("error-value", Chat, Hello + ""","temperature":3""")]
    public async Task Post_Feature_GoesOverTheWireAsWrittenDown(string name, string path, string members)
    {
        (string, string)[] headers = name.StartsWith("chat-helper", StringComparison.Ordinal) ? [("X-Stainless-Helper-Method", "chat.completions.stream")] : [];
        await Transcript.VerifyAsync(name, new ScriptedProvider(Outputs), path, members, headers);
    }

    private static readonly int[] s_thinking =
    [
        ByteTokenizer.Word("<think>"), ByteTokenizer.Word("\n\n"), ByteTokenizer.Word("naïve"), ByteTokenizer.Word("\n\n"), ByteTokenizer.Word("</think>"), ByteTokenizer.Word("\n\n"),
        ByteTokenizer.Word("aa"), ByteTokenizer.Word("ab"), ByteTokenizer.Eos,
    ];

    /// <summary>" the", a special token, naïve, half of 日本's bytes, a stop string across two tokens, and the end.</summary>
    private static IEnumerable<GenerationOutput> Outputs(ProviderRequest request)
    {
        int[] ids = [ByteTokenizer.Word(" the"), ByteTokenizer.Special, ByteTokenizer.Word("naïve"), 0xE6, 0x97, 0xA5, ByteTokenizer.Word("STOP"), ByteTokenizer.Word("a"), ByteTokenizer.Eos];
        if (request.Prompt is ChatPrompt { Messages: [.., { Content.Parts: ["Think"] }] }) ids = s_thinking;
        yield return new GenerationStarted(1, TimeSpan.Zero);
        if (request.Echo && request.Sampling.TopLogProbs is not null) yield return new PromptScored([null, Scores(request, 98)]);
        for (int i = 0; i < Math.Min(ids.Length, request.MaxTokens ?? ids.Length); i++)
        {
            for (int choice = 0; choice < request.Choices; choice++)
            {
                int id = ids[(i + choice) % ids.Length];
                EndReason? end = id == ByteTokenizer.Eos ? EndReason.EndOfGeneration : i + 1 == request.MaxTokens ? EndReason.Length : null;
                yield return new TokenGenerated(choice, new SampledToken(id, -0.21f * (i % 3), Scores(request, id)), end);
            }
        }
    }

    private static TokenLogProbs? Scores(ProviderRequest request, int id)
        => request.Sampling.TopLogProbs is int top
            ? new TokenLogProbs(new(id, -1.5f), [.. Enumerable.Range(0, top).Select(i => new TokenLogProb(ByteTokenizer.FirstWord + i, -0.5f - i))])
            : null;
}
