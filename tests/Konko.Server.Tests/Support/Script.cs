using Konko.Engine.Sampling;
using Konko.Engine.Scheduling;
using Konko.Server.Providers;

namespace Konko.Server.Tests.Support;

/// <summary>Outputs of an engine, written down or drawn.</summary>
internal static class Script
{
    /// <summary>One choice's tokens, the last with its end.</summary>
    public static IEnumerable<GenerationOutput> Tokens(EndReason end, params int[] ids)
    {
        yield return new GenerationStarted(0, TimeSpan.Zero);
        for (int i = 0; i < ids.Length; i++)
            yield return new TokenGenerated(0, new SampledToken(ids[i], -0.25f * i, null), i == ids.Length - 1 ? end : null);
    }

    /// <summary>What an engine could answer, a pure function of everything that may change an answer.</summary>
    public static IEnumerable<GenerationOutput> Drawn(ProviderRequest request) => Drawn(request, SeedOf(request), Math.Max(2, 40 / request.Choices));

    /// <summary>A random answer.</summary>
    public static IEnumerable<GenerationOutput> Drawn(ProviderRequest request, int seed, int longest)
    {
        var random = new Random(seed);
        var tokenizer = new ByteTokenizer();
        SamplingParameters sampling = request.Sampling;
        yield return new GenerationStarted(random.Next(5), TimeSpan.FromTicks(random.Next(1000)));
        if (request.Echo && sampling.TopLogProbs is int promptTop)
            yield return new PromptScored([.. Enumerable.Range(0, PromptLength(request)).Select(i => i == 0 ? null : Scores(random, tokenizer, random.Next(256), promptTop))]);

        var running = Enumerable.Range(0, request.Choices).ToList();
        var counts = new int[request.Choices];
        int most = Math.Min(request.MaxTokens ?? longest, longest);
        if (most == 0) yield break;
        while (running.Count > 0)
        {
            int choice = running[random.Next(running.Count)];
            int id = Token(random, tokenizer);
            EndReason? end = null;
            if (id == ByteTokenizer.Eos && !sampling.IgnoreEos && counts[choice] >= sampling.MinTokens) end = EndReason.EndOfGeneration;
            else if (counts[choice] + 1 >= most) end = EndReason.Length;
            counts[choice]++;
            if (end is not null) running.Remove(choice);
            TokenLogProbs? scores = sampling.TopLogProbs is int top ? Scores(random, tokenizer, id, top) : null;
            yield return new TokenGenerated(choice, new SampledToken(id, sampling.Temperature == 0 ? -0f : -random.NextSingle() * 9, scores), end);
        }
    }

    private static int Token(Random random, ByteTokenizer tokenizer) => random.Next(10) switch
    {
        0 => ByteTokenizer.Eos - (random.Next(3) == 0 ? 0 : random.Next(1, 129)),
        1 => random.Next(tokenizer.VocabularySize),
        2 => random.Next(0xC0, 0x100),
        _ => random.Next(ByteTokenizer.FirstWord, tokenizer.VocabularySize),
    };

    private static TokenLogProbs Scores(Random random, ByteTokenizer tokenizer, int id, int top)
    {
        var best = new TokenLogProb[top];
        for (int i = 0; i < top; i++) best[i] = new TokenLogProb(i == 0 ? id : random.Next(tokenizer.VocabularySize), -i - random.NextSingle());
        return new TokenLogProbs(new TokenLogProb(id, -random.NextSingle()), best);
    }

    private static int PromptLength(ProviderRequest request) => request.Prompt switch
    {
        TextPrompt text => System.Text.Encoding.UTF8.GetByteCount(text.Text),
        TokenPrompt tokens => tokens.Ids.Count,
        _ => 1,
    };

    private static int SeedOf(ProviderRequest request)
    {
        var hash = new Fnv();
        SamplingParameters s = request.Sampling;
        foreach (string part in Parts(request.Prompt)) hash.Add(part);
        foreach (string stop in request.Stop) hash.Add(stop);
        foreach ((int id, float bias) in s.LogitBias.OrderBy(entry => entry.Key)) hash.Add($"{id}={bias:R}");
        hash.Add(FormattableString.Invariant($"{request.MaxTokens} {request.Choices} {request.Echo} {s.Temperature:R} {s.TopP:R} {s.TopK} {s.MinP:R} {s.TypicalP:R} {s.RepetitionPenalty:R} {s.PresencePenalty:R} {s.FrequencyPenalty:R} {s.Seed} {s.MinTokens} {s.IgnoreEos} {s.TopLogProbs}"));
        return hash.Value;
    }

    private static IEnumerable<string> Parts(Prompt prompt) => prompt switch
    {
        TextPrompt text => ["text", text.Text],
        TokenPrompt tokens => ["tokens", string.Join(',', tokens.Ids)],
        ChatPrompt chat => chat.Messages.SelectMany(Parts).Concat(chat.TemplateVariables?.OrderBy(v => v.Key, StringComparer.Ordinal).SelectMany(v => new[] { v.Key, v.Value.GetRawText() }) ?? []),
        _ => [],
    };

    private static IEnumerable<string> Parts(ChatMessage message)
        => [message.Role, .. message.Content?.Parts ?? [], $"{message.Content?.IsList}", $"{message.Name}", $"{message.ToolCallId}", $"{message.ReasoningContent}", $"{message.ToolCalls?.GetRawText()}"];

    private sealed class Fnv
    {
        private uint _hash = 2166136261;

        public int Value => (int)(_hash & int.MaxValue);

        public void Add(string text)
        {
            foreach (char c in text) _hash = (_hash ^ c) * 16777619;
            _hash = (_hash ^ 0x1F) * 16777619;
        }
    }
}
