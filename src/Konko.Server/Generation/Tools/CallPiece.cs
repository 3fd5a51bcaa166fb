namespace Konko.Server.Generation.Tools;

/// <summary>A piece of a call as the parser finds it.</summary>
/// <param name="Index">The call's number, from 0.</param>
/// <param name="Name">The function's name, on the call's first piece only.</param>
/// <param name="Arguments">A piece of the arguments' JSON; empty on the first.</param>
internal readonly record struct CallPiece(int Index, string? Name, string Arguments);
