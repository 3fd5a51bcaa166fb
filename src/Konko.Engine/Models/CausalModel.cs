using Konko.Engine.Cache;
using Konko.Engine.Kernels;

namespace Konko.Engine.Models;

/// <summary>A loaded decoder-only model: tokens in, logits out, the KV cache written in place.</summary>
/// <remarks>
/// A token's logits depend only on the tokens before it, bit for bit (docs/arithmetic.md): never on what else
/// shares the step, how a prompt is cut into steps, the number of threads, or the width of the vectors.
/// One caller at a time.
/// </remarks>
public abstract class CausalModel : IDisposable
{
    /// <summary>Number of logits of a position.</summary>
    public abstract int VocabularySize { get; }

    /// <summary>Most positions of a sequence.</summary>
    public abstract int ContextLength { get; }

    /// <summary>Shape of a page of the KV cache.</summary>
    public abstract KvLayout KvLayout { get; }

    /// <summary>Most tokens of one step, over all its sequences.</summary>
    public abstract int MaxStepTokens { get; }

    /// <summary>
    /// Runs one step: writes keys and values of every token into its sequence's pages, and the logits that were
    /// asked for into <paramref name="step"/>. Positions of a sequence start at its <see cref="KvSequence.Length"/>,
    /// which the caller advances afterwards.
    /// </summary>
    /// <param name="step">The tokens of the step; its pages must already cover them.</param>
    public abstract void Forward(StepBatch step);

    /// <summary>The threads that run its steps, for other work between steps; null where it has none.</summary>
    internal virtual WorkerTeam? Team => null;

    /// <inheritdoc/>
    public abstract void Dispose();
}
