using System.Runtime.CompilerServices;

namespace Konko.Engine.Grammar.Automaton;

/// <summary>
/// A set of stacks as a shared tree: for each possible top the set of what stands below it. Immutable; equal sets of one
/// automaton are one object, so that they compare by reference, and stacks that differ only at the top share the rest.
/// </summary>
internal sealed class StackSet : IEquatable<StackSet>
{
    private readonly int _hash;

    public StackSet(Frame[] frames, bool hasBottom, bool hasHole)
    {
        Frames = frames;
        HasBottom = hasBottom;
        HasHole = hasHole;
        var hash = new HashCode();
        hash.Add(hasBottom);
        hash.Add(hasHole);
        long distance = hasBottom || hasHole ? 0 : int.MaxValue;
        foreach (Frame frame in frames)
        {
            hash.Add(frame.Node.Id);
            hash.Add(frame.Count);
            hash.Add(RuntimeHelpers.GetHashCode(frame.Below));
            distance = Math.Min(distance, (long)frame.Node.DistanceAfter(frame.Count) + frame.Below.Distance);
        }

        _hash = hash.ToHashCode();
        Distance = (int)Math.Min(distance, int.MaxValue);
    }

    /// <summary>The tops, in the order of (node, count), each once.</summary>
    public Frame[] Frames { get; }

    /// <summary>The empty stack is in the set: where it is popped, the whole grammar is satisfied.</summary>
    public bool HasBottom { get; }

    /// <summary>The unknown rest of a stack is in the set: where it is popped, what follows is not known here.</summary>
    public bool HasHole { get; }

    /// <summary>Fewest bytes that end all the rules of one of the stacks.</summary>
    public int Distance { get; }

    public bool Equals(StackSet? other)
    {
        if (ReferenceEquals(this, other)) return true;
        if (other is null || other._hash != _hash || other.HasBottom != HasBottom || other.HasHole != HasHole || other.Frames.Length != Frames.Length) return false;
        for (int i = 0; i < Frames.Length; i++)
        {
            if (Frames[i].Node != other.Frames[i].Node || Frames[i].Count != other.Frames[i].Count || !ReferenceEquals(Frames[i].Below, other.Frames[i].Below)) return false;
        }

        return true;
    }

    public override bool Equals(object? obj) => Equals(obj as StackSet);

    public override int GetHashCode() => _hash;
}
