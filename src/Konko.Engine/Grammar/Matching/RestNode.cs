namespace Konko.Engine.Grammar.Matching;

/// <summary>A node of a <see cref="RestTree"/>.</summary>
/// <param name="Next">The node after those below it.</param>
/// <param name="FirstSource">Where the nodes of the vocabulary's tree begin that it stands for.</param>
/// <param name="SourceCount">How many they are; what is below a single one is left to that tree.</param>
/// <param name="Depth">The length of its string.</param>
/// <param name="Label">The byte that leads to it.</param>
internal readonly record struct RestNode(int Next, int FirstSource, int SourceCount, ushort Depth, byte Label);
