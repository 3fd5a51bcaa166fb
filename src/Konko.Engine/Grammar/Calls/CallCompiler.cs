using Konko.Engine.Grammar.Automaton;
using Konko.Engine.Grammar.Json;

namespace Konko.Engine.Grammar.Calls;

/// <summary>Writes as rules what texts there are that are free but for their calls.</summary>
internal static class CallCompiler
{
    private const string ThoughtBegin = "<think>";
    private const string ThoughtEnd = "</think>";
    private const string Start = "<|start|>";
    private const string Channel = "<|channel|>";
    private const string Message = "<|message|>";
    private const string Constrain = "<|constrain|>";

    // More white space before a thought makes it a text, see those who tell thoughts from texts.
    private const int MostSpace = 64;

    /// <summary>The rule of a text, not finished.</summary>
    /// <exception cref="GrammarException">A schema cannot be enforced, or it is all too large.</exception>
    public static GrammarRule Compile(CallSyntax syntax)
    {
        var rule = new GrammarRule("tools");
        rule.Start = syntax.IsHarmony ? Harmony(syntax) : Marked(syntax);
        return rule;
    }

    private static GrammarNode Marked(CallSyntax syntax)
    {
        var text = new TriggerAutomaton();
        GrammarNode after = new(), message = new();
        var calls = new CallNodes(syntax.Tools, after);
        GrammarNode opened = calls.Opened(syntax.HasNamedCalls);
        foreach (string opener in syntax.Openers) text.Trigger(Words(text, text.Free, opener, syntax), opened);
        if (syntax.Thoughts == ThoughtMarks.Channels)
        {
            // What stands behind any of them may be an answer.
            foreach (string mark in (ReadOnlySpan<string>)[Start, Channel, Message]) text.Trigger(text.Mark(text.Free, mark, isControl: true), message);
        }

        // The two places where a call may stand without an opener: at the beginning, and after another.
        GrammarNode[][] names = [.. Enumerable.Range(0, syntax.Tools.Count).Select(tool => new[] { calls.AfterName(tool, inList: false), calls.AfterName(tool, inList: true) })];
        int first = text.State(), unfenced = text.State();
        int blanks = text.Blanks(first);
        text.Epsilon(blanks, unfenced);
        foreach (string fence in syntax.Fences) text.Epsilon(text.Text(blanks, fence), unfenced);
        Bare(text, syntax, unfenced, names);
        int between = text.State();
        foreach (char separator in " \n\r\t,;") text.Edge(between, (byte)separator, (byte)separator, between);
        foreach (string closer in syntax.Closers) text.Epsilon(Words(text, between, closer, syntax), between);
        Bare(text, syntax, between, names);

        after.Epsilons.Add(text.Build(between));
        GrammarNode start = text.Build(first);
        if (syntax.Thoughts == ThoughtMarks.Channels)
        {
            message.Epsilons.Add(start);
            return message;
        }

        return syntax.Thoughts == ThoughtMarks.None ? start : Thinking(text, first, start, syntax.Thoughts == ThoughtMarks.BegunTags);
    }

    /// <summary>Lets an opener or a closer lead on: a mark, or one with a control token in its midst.</summary>
    private static int Words(TriggerAutomaton text, int from, string literal, CallSyntax syntax)
    {
        foreach (string inner in syntax.Inner)
        {
            int at = literal.IndexOf(inner, StringComparison.Ordinal);
            if (at < 0 || literal.Length == inner.Length) continue;
            return text.Text(text.Mark(text.Text(from, literal[..at]), inner, isControl: false), literal[(at + inner.Length)..]);
        }

        return text.Mark(from, literal, isControl: false);
    }

    private static GrammarNode Thinking(TriggerAutomaton text, int first, GrammarNode start, bool begun)
    {
        var thinking = new TriggerAutomaton();
        thinking.Trigger(thinking.Mark(thinking.Free, ThoughtEnd, isControl: false), start);
        GrammarNode thought = thinking.Build();
        if (begun) return thought;
        int at = text.State(), end = text.State();
        int opening = at;
        for (int i = 0; i <= MostSpace; i++)
        {
            text.Epsilon(at, end);
            int next = text.State();
            foreach (char blank in " \n\r\t") text.Edge(at, (byte)blank, (byte)blank, next);
            at = next;
        }

        text.Trigger(text.Mark(end, ThoughtBegin, isControl: false), thought);
        return text.Build(first, opening);
    }

    private static void Bare(TriggerAutomaton text, CallSyntax syntax, int from, GrammarNode[][] names)
    {
        int single = text.Blanks(from), list = text.Blanks(text.Text(single, "["));
        foreach ((int start, int inList) in (ReadOnlySpan<(int, int)>)[(single, 0), (list, 1)])
        {
            int key = text.Blanks(text.Text(start, "{"));
            int value = text.Blanks(text.Text(text.Blanks(text.Text(key, "\"name\"")), ":"));
            int quote = text.Text(value, "\"");
            for (int tool = 0; tool < names.Length; tool++) text.Trigger(text.Text(quote, syntax.Tools[tool].Name + "\""), names[tool][inList]);
        }
    }

    /// <summary>Messages with heads: one whose head names a function holds its arguments and nothing else.</summary>
    private static GrammarNode Harmony(CallSyntax syntax)
    {
        GrammarNode head = new(), message = new(), after = new() { IsAccepting = true }, recipient = new();
        var calls = new CallNodes(syntax.Tools, after);
        var heads = new TriggerAutomaton();
        heads.Trigger(heads.Text(heads.Free, "to=functions."), recipient);
        heads.Trigger(heads.Mark(heads.Free, Message, isControl: false), message);
        for (int tool = 0; tool < syntax.Tools.Count; tool++)
        {
            // A blank or a mark ends the name.
            GrammarNode name = JsonRules.Literal(recipient, syntax.Tools[tool].Name), kind = new(), word = new(), form = new();
            name.Epsilons.Add(form);
            JsonRules.Byte(name, ' ', kind);
            CallNodes.Mark(name, Constrain).Epsilons.Add(word);
            CallNodes.Blank(JsonRules.Literal(CallNodes.Mark(name, Channel), "commentary")).Epsilons.Add(kind);
            kind.Epsilons.Add(form);
            kind.Epsilons.Add(word);
            CallNodes.Mark(kind, Constrain).Epsilons.Add(word);
            JsonRules.Literal(word, "json").Epsilons.Add(form);
            calls.Arguments(CallNodes.Blank(CallNodes.Mark(form, Message)), tool).Epsilons.Add(after);
        }

        var messages = new TriggerAutomaton();
        foreach (string closer in (ReadOnlySpan<string>)["<|call|>", "<|end|>", "<|return|>"])
        {
            CallNodes.Mark(after, closer).Epsilons.Add(after);
            heads.Pass(closer);
            messages.Pass(closer);
        }

        foreach (string opener in (ReadOnlySpan<string>)[Start, Channel])
        {
            CallNodes.Mark(after, opener).Epsilons.Add(head);
            heads.Pass(opener);
        }

        foreach (string inner in (ReadOnlySpan<string>)[Message, Constrain]) messages.Pass(inner);
        heads.Pass(Constrain);
        foreach (string opener in (ReadOnlySpan<string>)[Start, Channel]) messages.Trigger(messages.Mark(messages.Free, opener, isControl: false), head);
        message.Epsilons.Add(messages.Build());
        head.Epsilons.Add(heads.Build());
        return head;
    }
}
