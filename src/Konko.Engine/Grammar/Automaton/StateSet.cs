using System.Runtime.CompilerServices;

namespace Konko.Engine.Grammar.Automaton;

/// <summary>
/// Every place where a text may stand: a state of the automaton. Immutable but for its caches; equal states of one
/// automaton are one object as long as it remembers them.
/// </summary>
internal sealed class StateSet : IEquatable<StateSet>
{
    private readonly int _hash;

    public StateSet(Place[] places, bool isAccepting, bool isExited)
    {
        Places = places;
        IsAccepting = isAccepting;
        IsExited = isExited;
        var hash = new HashCode();
        hash.Add(isAccepting);
        hash.Add(isExited);
        foreach (Place place in places)
        {
            hash.Add(place.Node.Id);
            hash.Add(place.Count);
            hash.Add(RuntimeHelpers.GetHashCode(place.Stack));
        }

        _hash = hash.ToHashCode();
    }

    /// <summary>The places from which a byte can lead on, in the order of (node, count), each once.</summary>
    public Place[] Places { get; }

    /// <summary>The text satisfies the whole grammar.</summary>
    public bool IsAccepting { get; }

    /// <summary>The text may have come to the end of what is known of the stack.</summary>
    public bool IsExited { get; }

    /// <summary>Nothing satisfies a text that has come here.</summary>
    public bool IsDead => Places.Length == 0 && !IsAccepting && !IsExited;

    /// <summary>Where each class of bytes leads, as far as it is known.</summary>
    public StateSet?[]? Next { get; set; }

    /// <summary>Which characters lead on alike; null until asked for.</summary>
    public StateRun? Run { get; set; }

    /// <summary>Which time's states <see cref="Next"/> and <see cref="Memo"/> know.</summary>
    public int Epoch { get; set; }

    /// <summary>All steps by bytes from here, after calls have been entered; null until asked for.</summary>
    public (ByteEdge Edge, StackSet Stack)[]? Steps { get; set; }

    /// <summary>What was worked out for it over a vocabulary; null until asked for.</summary>
    public StateMemo? Memo { get; set; }

    /// <summary>Fewest bytes to the end of the whole.</summary>
    public int Distance
    {
        get
        {
            long distance = IsAccepting ? 0 : int.MaxValue;
            foreach (Place place in Places) distance = Math.Min(distance, (long)place.Node.DistanceAfter(place.Count) + place.Stack.Distance);
            return (int)Math.Min(distance, int.MaxValue);
        }
    }

    public bool Equals(StateSet? other)
    {
        if (ReferenceEquals(this, other)) return true;
        if (other is null || other._hash != _hash || other.IsAccepting != IsAccepting || other.IsExited != IsExited || other.Places.Length != Places.Length) return false;
        for (int i = 0; i < Places.Length; i++)
        {
            if (Places[i].Node != other.Places[i].Node || Places[i].Count != other.Places[i].Count || !ReferenceEquals(Places[i].Stack, other.Places[i].Stack)) return false;
        }

        return true;
    }

    public override bool Equals(object? obj) => Equals(obj as StateSet);

    public override int GetHashCode() => _hash;
}
