import { createContext, useContext } from 'react'

const Whose = createContext('nobody')
export const DeskOf = Whose.Provider

/** Whose desktop is shown: what is done there is theirs, whoever is signed in to the browser by the time it is sent. */
export const useWhoseDesk = () => useContext(Whose)
