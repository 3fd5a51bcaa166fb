namespace Konko.Engine.Grammar.Automaton;

/// <summary>
/// Makes a grammar safe to follow: measures the way from every node to the end of its rule, cuts off what has none, so
/// that no prefix is ever accepted that cannot be completed, and refuses left recursion.
/// </summary>
internal sealed class GrammarFinisher
{
    private readonly List<GrammarNode> _nodes = [];
    private readonly Dictionary<GrammarNode, List<GrammarNode>> _dependents = [];
    private readonly HashSet<GrammarNode> _seen = [];
    private readonly List<GrammarRule> _rules = [];
    private readonly HashSet<GrammarRule> _seenRules = [];

    private GrammarFinisher()
    {
    }

    /// <summary>Finishes everything that is reached from a rule.</summary>
    /// <param name="root">The rule of the whole.</param>
    /// <param name="location">What messages call the source.</param>
    /// <param name="shared">Whether the nodes belong to all grammars.</param>
    /// <returns>The nodes, those of shared rules included.</returns>
    /// <exception cref="GrammarException">Nothing satisfies it, it is left-recursive, or too large.</exception>
    public static IReadOnlyList<GrammarNode> Finish(GrammarRule root, string location, bool shared = false)
    {
        var finisher = new GrammarFinisher();
        finisher.Collect(root, location);
        finisher.Measure();
        if (root.Start.Distance == int.MaxValue) throw GrammarException.Unsatisfiable(location);
        finisher.Cut();
        finisher.RefuseLeftRecursion(location);
        if (shared)
        {
            foreach (GrammarNode node in finisher._nodes) node.IsShared = true;
        }

        return finisher._nodes;
    }

    private void Collect(GrammarRule root, string location)
    {
        var open = new Stack<GrammarNode>();
        Add(root);
        while (open.TryPop(out GrammarNode? node))
        {
            if (_nodes.Count > GrammarLimits.Nodes) throw GrammarException.TooLarge(location, $"it needs more than {GrammarLimits.Nodes} states");
            foreach (ByteEdge edge in node.Edges) Reach(edge.Target, node);
            foreach (GrammarNode target in node.Epsilons) Reach(target, node);
            foreach (CallEdge call in node.Calls)
            {
                Add(call.Rule);
                Depend(call.Rule.Start, node);
                Reach(call.Return, node);
            }

            if (node.Repetition is not { } repetition) continue;
            Add(repetition.First);
            Add(repetition.Then);
            Depend(repetition.First.Start, node);
            Depend(repetition.Then.Start, node);
            Reach(repetition.Exit, node);
        }

        void Add(GrammarRule rule)
        {
            if (!_seenRules.Add(rule)) return;
            _rules.Add(rule);
            Visit(rule.Start);
        }

        void Reach(GrammarNode target, GrammarNode from)
        {
            Depend(target, from);
            Visit(target);
        }

        void Visit(GrammarNode node)
        {
            if (!_seen.Add(node)) return;
            _nodes.Add(node);
            open.Push(node);
        }
    }

    private void Depend(GrammarNode target, GrammarNode from)
    {
        if (from.IsShared) return;
        if (!_dependents.TryGetValue(target, out List<GrammarNode>? list)) _dependents.Add(target, list = []);
        list.Add(from);
    }

    /// <summary>Knuth's generalisation of Dijkstra's algorithm: a node's distance is final when it is taken, shortest first.</summary>
    private void Measure()
    {
        var open = new PriorityQueue<GrammarNode, int>();
        var final = new HashSet<GrammarNode>();
        foreach (GrammarNode node in _nodes)
        {
            if (node.IsShared) open.Enqueue(node, node.Distance);
            else if (node.IsAccepting) open.Enqueue(node, 0);
            else if (node.Repetition is { Min: 0 }) Offer(node);
        }

        while (open.TryDequeue(out GrammarNode? node, out int distance))
        {
            if (!final.Add(node)) continue;
            node.Distance = distance;
            if (!_dependents.TryGetValue(node, out List<GrammarNode>? dependents)) continue;
            foreach (GrammarNode dependent in dependents)
            {
                if (!final.Contains(dependent)) Offer(dependent);
            }
        }

        void Offer(GrammarNode node)
        {
            int best = Best(node);
            if (best < int.MaxValue) open.Enqueue(node, best);
        }
    }

    private static int Best(GrammarNode node)
    {
        long best = int.MaxValue;
        foreach (ByteEdge edge in node.Edges) best = Math.Min(best, 1L + edge.Target.Distance);
        foreach (GrammarNode target in node.Epsilons) best = Math.Min(best, target.Distance);
        foreach (CallEdge call in node.Calls) best = Math.Min(best, (long)call.Rule.Start.Distance + call.Return.Distance);
        if (node.Repetition is { } repetition) best = Math.Min(best, repetition.Distance(0));
        return (int)Math.Min(best, int.MaxValue);
    }

    private void Cut()
    {
        foreach (GrammarNode node in _nodes)
        {
            if (node.IsShared) continue;
            node.Edges.RemoveAll(edge => edge.Target.Distance == int.MaxValue);
            node.Epsilons.RemoveAll(target => target.Distance == int.MaxValue);
            node.Calls.RemoveAll(call => call.Rule.Start.Distance == int.MaxValue || call.Return.Distance == int.MaxValue);
            if (node.Repetition is not { } repetition) continue;
            if (repetition.Exit.Distance == int.MaxValue) node.Repetition = null;
            else if (repetition.First.Start.Distance == int.MaxValue) repetition.Max = 0;
            else if (repetition.Then.Start.Distance == int.MaxValue) repetition.Max = Math.Min(repetition.Max, 1);
        }

        _nodes.RemoveAll(node => node.Distance == int.MaxValue);
        _rules.RemoveAll(rule => rule.Start.Distance == int.MaxValue);
    }

    /// <summary>A rule that can begin with itself would be entered without end.</summary>
    private void RefuseLeftRecursion(string location)
    {
        var first = new Dictionary<GrammarRule, List<GrammarRule>>();
        foreach (GrammarRule rule in _rules)
        {
            if (!rule.Start.IsShared) first.Add(rule, Beginnings(rule));
        }

        var done = new HashSet<GrammarRule>();
        var path = new HashSet<GrammarRule>();
        var stack = new Stack<(GrammarRule Rule, int Next)>();
        foreach (GrammarRule root in first.Keys)
        {
            if (done.Contains(root)) continue;
            stack.Push((root, 0));
            path.Add(root);
            while (stack.TryPop(out (GrammarRule Rule, int Next) top))
            {
                List<GrammarRule> beginnings = first[top.Rule];
                if (top.Next == beginnings.Count)
                {
                    path.Remove(top.Rule);
                    done.Add(top.Rule);
                    continue;
                }

                stack.Push((top.Rule, top.Next + 1));
                GrammarRule next = beginnings[top.Next];
                if (!first.ContainsKey(next) || done.Contains(next)) continue;
                if (!path.Add(next)) throw GrammarException.Unenforceable(location, $"'{next.Name}' begins with itself");
                stack.Push((next, 0));
            }
        }
    }

    private static List<GrammarRule> Beginnings(GrammarRule rule)
    {
        var found = new List<GrammarRule>();
        var seen = new HashSet<GrammarNode> { rule.Start };
        var open = new Stack<GrammarNode>([rule.Start]);
        while (open.TryPop(out GrammarNode? node))
        {
            foreach (GrammarNode target in node.Epsilons) Visit(target);
            foreach (CallEdge call in node.Calls)
            {
                found.Add(call.Rule);
                if (call.Rule.IsNullable) Visit(call.Return);
            }

            if (node.Repetition is not { } repetition) continue;
            if (repetition.Max > 0) found.Add(repetition.First);
            if (repetition.Max > 1 && repetition.First.IsNullable) found.Add(repetition.Then);
            if (repetition.Distance(0) == repetition.Exit.Distance) Visit(repetition.Exit);
        }

        return found;

        void Visit(GrammarNode node)
        {
            if (seen.Add(node)) open.Push(node);
        }
    }
}
