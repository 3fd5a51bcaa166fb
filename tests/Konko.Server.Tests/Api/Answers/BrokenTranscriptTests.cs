using System.Text;
using Konko.Engine.Scheduling;
using Konko.Server.Tests.Support;
using Microsoft.Extensions.Time.Testing;

namespace Konko.Server.Tests.Api.Answers;

/// <summary>Answers that break in the middle, over the wire, byte by byte; and the next request, which is answered.</summary>
public sealed class BrokenTranscriptTests
{
    [Theory]
    [InlineData("broken-chat", "/v1/chat/completions", """ "messages":[{"role":"user","content":"Hello"}] """, false)]
    [InlineData("broken-text", "/v1/completions", """ "prompt":"Hello" """, false)]
    [InlineData("broken-response", "/v1/responses", """ "input":"Hello" """, false)]
    [InlineData("broken-resumable", "/v1/chat/completions", """ "messages":[{"role":"user","content":"Hello"}] """, true)]
    public async Task Post_ModelFailsInTheMiddle_GoesOverTheWireAsWrittenDown(string name, string path, string members, bool resumable)
    {
        bool fails = true;
        var provider = new ScriptedProvider(_ => fails ? Failing() : Script.Tokens(EndReason.EndOfGeneration, ByteTokenizer.Word("a"), ByteTokenizer.Eos));
        await using ApiHost host = await ApiHost.StartAsync(provider, time: new FakeTimeProvider(new DateTimeOffset(2024, 1, 10, 12, 0, 0, TimeSpan.Zero)));
        string body = $$"""{"model":"{{ApiHost.Model}}","seed":42,{{members.Trim()}}}""";
        (string, string)[] headers = resumable ? [("X-Konko-Resumable", "true")] : [];
        var transcript = new StringBuilder();

        (await Exchange.RecordAsync(host.Client, "POST", path, body[..^1] + ",\"stream\":true}", headers)).Append(transcript);
        if (!resumable) (await Exchange.RecordAsync(host.Client, "POST", path, body)).Append(transcript);
        Assert.Equal(0, provider.Running);
        fails = false;
        (await Exchange.RecordAsync(host.Client, "POST", path, body[..^1] + ",\"stream\":true}", headers)).Append(transcript);

        Golden.Verify(transcript.ToString(), name);
    }

    private static IEnumerable<GenerationOutput> Failing()
    {
        foreach (GenerationOutput output in Script.Tokens(EndReason.EndOfGeneration, ByteTokenizer.Word("a"), ByteTokenizer.Word("ab"), ByteTokenizer.Eos).Take(3)) yield return output;
        throw new InvalidOperationException("A kernel failed; whose fault that is concerns nobody outside.");
    }
}
